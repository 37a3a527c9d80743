namespace Dispatch.PrintExport.Templates;

/// <summary>How text stands in its table column.</summary>
enum CellAlignment : byte
{
    Left,
    Center,
    Right,
}
