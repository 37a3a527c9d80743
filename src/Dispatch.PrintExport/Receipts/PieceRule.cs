namespace Dispatch.PrintExport.Receipts;

/// <summary>
/// The life of a piece at the print house: printed, posted, perhaps returned; or spoiled before it is posted; or
/// rejected before it is printed. Receipts may come late, twice or in another order; the piece only ever moves forward.
/// </summary>
static class PieceRule
{
    public static (PieceState State, ReceiptVerdict Verdict) Next(PieceState state, ReceiptStatus status)
    {
        var target = Target(status);
        var verdict = target == state ? ReceiptVerdict.Repeated
            : CanMove(state, target) ? ReceiptVerdict.Applied
            : CanMove(target, state) ? ReceiptVerdict.Late
            : ReceiptVerdict.Contradiction;
        return (verdict == ReceiptVerdict.Applied ? target : state, verdict);
    }

    public static PieceState Target(ReceiptStatus status) => status switch
    {
        ReceiptStatus.Printed => PieceState.Printed,
        ReceiptStatus.Posted => PieceState.Posted,
        ReceiptStatus.Spoiled => PieceState.Spoiled,
        ReceiptStatus.Returned => PieceState.Returned,
        ReceiptStatus.Rejected => PieceState.Rejected,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "says nothing of a piece"),
    };

    // A step may be left out: its receipt is on the way or was lost.
    static bool CanMove(PieceState from, PieceState to) => from switch
    {
        PieceState.HandedOff => true,
        PieceState.Printed => to is PieceState.Posted or PieceState.Spoiled or PieceState.Returned,
        PieceState.Posted => to is PieceState.Returned,
        _ => false,
    };
}
