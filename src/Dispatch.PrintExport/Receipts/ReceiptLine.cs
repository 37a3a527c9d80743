namespace Dispatch.PrintExport.Receipts;

/// <summary>One line of a receipt file.</summary>
/// <param name="Number">1-based line of the file; the header is line 1.</param>
/// <param name="Batch">Name of the batch.</param>
/// <param name="PieceId">Null for a line about the whole batch.</param>
/// <param name="Pages">Null where the line says nothing of it.</param>
/// <param name="Sheets">Null where the line says nothing of it.</param>
/// <param name="ClaimedAt">When it happened, by the print house's clock: a claim, on which nothing depends.</param>
public readonly record struct ReceiptLine(
    int Number, string Batch, string? PieceId, ReceiptStatus Status, int? Pages, int? Sheets, DateTimeOffset ClaimedAt);
