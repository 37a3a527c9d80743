namespace Dispatch.PrintExport.Layout;

/// <summary>The column blocks are set in.</summary>
/// <param name="Left">From the left edge of the page.</param>
/// <param name="Bars">Left edges of the bars of the quotes around.</param>
/// <param name="ListDepth">Lists around.</param>
readonly record struct FlowFrame(int Left, int Width, int[] Bars, int ListDepth)
{
    public FlowFrame Indent(int by) => this with { Left = Left + by, Width = Width - by };
}
