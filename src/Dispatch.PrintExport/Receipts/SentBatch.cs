namespace Dispatch.PrintExport.Receipts;

/// <summary>A batch as it was handed off, and what its print house said of it so far.</summary>
/// <param name="HandedOffAt">When its hand-off began.</param>
public sealed record SentBatch(BatchState State, int Pages, int Sheets, DateTimeOffset HandedOffAt);

/// <summary>One piece of it, at its place in printing order.</summary>
public readonly record struct SentPiece(string PieceId, int Pages, int Sheets, PieceState State);

/// <summary>Something an earlier file said of a piece that must not be true twice.</summary>
/// <param name="Sequence">The piece's 1-based place in its batch.</param>
/// <param name="Status"><see cref="ReceiptStatus.Printed"/> or <see cref="ReceiptStatus.Posted"/>.</param>
public readonly record struct EarlierClaim(int Sequence, ReceiptStatus Status, DateTimeOffset ClaimedAt);
