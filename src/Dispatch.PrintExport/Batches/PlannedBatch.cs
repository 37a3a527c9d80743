namespace Dispatch.PrintExport.Batches;

/// <summary>One piece at its place in a batch.</summary>
/// <param name="Sequence">1-based, in printing order.</param>
/// <param name="RowNo">1-based data row of the list.</param>
/// <param name="FirstPage">1-based page of the batch's PDF.</param>
/// <param name="Pages">Pages in the PDF, blank backs counted: two a sheet in duplex.</param>
/// <param name="Envelope">1-based, in printing order: where no envelope is shared, the piece's sequence.</param>
public readonly record struct PlannedPiece(
    int Sequence, int RowNo, string PieceId, int FirstPage, int Pages, int Sheets, int Envelope);

/// <summary>A batch as it will be printed.</summary>
/// <param name="Number">1-based within job, class and attempt.</param>
/// <param name="PrintHouse">Name of the print house it goes to.</param>
public sealed record PlannedBatch(
    string Name, PieceClass Class, int Number, int Attempt, IReadOnlyList<PlannedPiece> Pieces, int Pages, int Sheets,
    string PrintHouse);
