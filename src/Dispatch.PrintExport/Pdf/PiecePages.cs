namespace Dispatch.PrintExport.Pdf;

/// <summary>Where a piece lies in its file.</summary>
/// <param name="FirstPage">1-based.</param>
/// <param name="Pages">With blank backs.</param>
/// <param name="Sheets">Sheets of paper.</param>
public readonly record struct PiecePages(int FirstPage, int Pages, int Sheets);
