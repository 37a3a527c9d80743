using Dispatch.PrintExport.Receipts;

namespace Dispatch.Worker.Receipts;

/// <summary>A batch that a receipt file speaks of.</summary>
/// <param name="HandoffStartedAt">From then on the print house may have it.</param>
sealed record AnsweredBatch(
    int BatchId, string Name, int JobId, string State, int Pieces, int Pages, int Sheets,
    DateTimeOffset HandoffStartedAt)
{
    /// <summary>Its files are out, or on the way; our own record of it comes a moment later.</summary>
    public bool IsBeingHandedOff => State == "composed";

    public SentBatch ToSent() => new(
        State switch
        {
            "handed_off" => BatchState.HandedOff,
            "accepted" => BatchState.Accepted,
            "printed" => BatchState.Printed,
            "rejected" => BatchState.Rejected,
            _ => throw new InvalidOperationException($"a batch that is {State} cannot be answered"),
        },
        Pages, Sheets, HandoffStartedAt);

    public static string Word(BatchState state) => state switch
    {
        BatchState.HandedOff => "handed_off",
        _ => state.ToString().ToLowerInvariant(),
    };
}
