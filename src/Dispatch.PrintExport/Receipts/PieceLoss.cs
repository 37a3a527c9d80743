namespace Dispatch.PrintExport.Receipts;

/// <summary>What the receipts together say of a piece that might be printed again.</summary>
public enum PieceLoss
{
    /// <summary>It may be out, or be on its way.</summary>
    NotLost,

    /// <summary>One receipt says that it is lost, another that it was printed or posted.</summary>
    InDoubt,

    Lost,
}
