namespace Dispatch.PrintExport.Layout;

/// <summary>The lines of a changing table cell in one letter.</summary>
readonly record struct MeasuredCell(int FirstLine, int LineCount);
