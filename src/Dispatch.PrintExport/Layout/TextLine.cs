namespace Dispatch.PrintExport.Layout;

/// <summary>A broken line: the cells from <paramref name="Start"/> up to <paramref name="End"/>.</summary>
/// <param name="Width">Thousandths of an em, without the spaces at its end.</param>
readonly record struct TextLine(int Start, int End, int Width);
