namespace Dispatch.PrintExport.Receipts;

/// <summary>
/// Whether a piece may be printed again. A second envelope of one letter is worse than a late one: what one receipt
/// calls lost and another says was printed waits for a person, who asks the print house and closes the incident.
/// </summary>
public static class LossRule
{
    /// <summary>Open incidents of these kinds keep a lost piece from being printed again.</summary>
    public static IReadOnlyList<string> DoubtKinds { get; } = [IncidentKind.Contradiction, IncidentKind.Duplicate];

    /// <param name="batch">State of the piece's batch.</param>
    /// <param name="piece">State of the piece itself.</param>
    /// <param name="isPieceInDoubt">An incident of <see cref="DoubtKinds"/> about the piece is open.</param>
    /// <param name="isBatchInDoubt">One about the whole batch is open: it counts where only the batch's word says
    /// that the piece is lost.</param>
    public static PieceLoss Of(BatchState batch, PieceState piece, bool isPieceInDoubt, bool isBatchInDoubt)
    {
        var isLostItself = piece is PieceState.Spoiled or PieceState.Rejected;
        var isLostByBatch = batch == BatchState.Rejected && piece == PieceState.HandedOff;
        if (!isLostItself && !isLostByBatch)
        {
            return PieceLoss.NotLost;
        }

        return isPieceInDoubt || (isLostByBatch && isBatchInDoubt) ? PieceLoss.InDoubt : PieceLoss.Lost;
    }
}
