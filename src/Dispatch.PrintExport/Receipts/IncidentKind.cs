namespace Dispatch.PrintExport.Receipts;

/// <summary>The kinds of <see cref="Incident"/>; public surface, listed in docs/file-formats.md.</summary>
public static class IncidentKind
{
    /// <summary>A piece was printed or posted more than once.</summary>
    public const string Duplicate = "print.duplicate";

    /// <summary>The print house will not print a batch.</summary>
    public const string BatchRejected = "batch.rejected";

    /// <summary>The print house will not print a piece.</summary>
    public const string PieceRejected = "piece.rejected";

    /// <summary>Two receipts cannot both be true.</summary>
    public const string Contradiction = "receipt.contradiction";

    /// <summary>Other pages or sheets than those handed off.</summary>
    public const string Counts = "receipt.counts";

    /// <summary>A time before the hand-off or in the future.</summary>
    public const string Time = "receipt.time";

    /// <summary>A file name that came before with other content.</summary>
    public const string NameReused = "receipt.name_reused";
}
