namespace Dispatch.Worker.Receipts;

/// <summary>What is noted of a receipt file.</summary>
/// <param name="State"><c>applied</c> or <c>quarantined</c>.</param>
/// <param name="Reason">Code of the fault of a quarantined file.</param>
sealed record ReceiptFileNote(
    string PrintHouse, int Lines, string State, string Reason, string Detail, DateTimeOffset At, string Operator);
