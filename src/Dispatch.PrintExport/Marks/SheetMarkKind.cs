namespace Dispatch.PrintExport.Marks;

/// <summary>What the inserter reads at the left edge of every sheet's front.</summary>
public enum SheetMarkKind
{
    /// <summary>A DataMatrix that names batch, piece and sheet.</summary>
    DataMatrix,

    /// <summary>Bars that say which sheet is a piece's last, and count sheets.</summary>
    Omr,

    /// <summary>Nothing.</summary>
    None,
}
