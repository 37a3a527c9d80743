namespace Dispatch.PrintExport.Layout;

/// <summary>Whether a strip belongs to a table.</summary>
enum TablePart : byte
{
    None,

    /// <summary>Drawn again at the top of every page the table goes on to.</summary>
    Header,
    Body,
}
