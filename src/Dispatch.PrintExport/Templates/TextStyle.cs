namespace Dispatch.PrintExport.Templates;

/// <summary>The face a run is set in; bits, so that bold and italic combine.</summary>
[Flags]
enum TextStyle : byte
{
    Regular = 0,
    Bold = 1,
    Italic = 2,
}
