using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Retention;

/// <summary>What is purged together, after how many days. The trail is none: it is a chain, and proves the
/// purges.</summary>
/// <param name="Name">As in <c>dispatch.purges</c>.</param>
sealed record PurgeClass(string Name, int Days)
{
    public const string List = "list";
    public const string Letters = "letters";
    public const string Pieces = "pieces";
    public const string PrintFiles = "print_files";
    public const string Notices = "notices";
    public const string Receipts = "receipts";
    public const string OwnLetters = "own_letters";

    /// <summary>Those that belong to one job.</summary>
    public static IReadOnlyList<PurgeClass> OfJobs(RetentionSettings settings) =>
    [
        new(List, settings.ListDays),
        new(Letters, settings.LetterDays),
        new(Pieces, settings.PieceDays),
        new(PrintFiles, settings.PrintFileDays),
        new(Notices, settings.NoticeDays),
    ];

    /// <summary>Receipt files speak of many jobs.</summary>
    public static PurgeClass OfReceipts(RetentionSettings settings) =>
        new(Receipts, settings.ReceiptDays);

    public static IEnumerable<PurgeClass> All(RetentionSettings settings) =>
        [.. OfJobs(settings), OfReceipts(settings), new(OwnLetters, settings.OwnLetterDays)];
}
