using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Retention;

/// <summary>What is purged together, after how many days. The trail is none: it is a chain, and proves the
/// purges.</summary>
/// <param name="Name">As in <c>dispatch.purges</c>.</param>
/// <param name="IsPaper">Nothing goes before the print house has answered for every piece.</param>
sealed record PurgeClass(string Name, int Days, bool IsPaper)
{
    public const string List = "list";
    public const string Letters = "letters";
    public const string Pieces = "pieces";
    public const string PrintFiles = "print_files";
    public const string Receipts = "receipts";

    /// <summary>Those that belong to one job.</summary>
    public static IReadOnlyList<PurgeClass> OfJobs(RetentionSettings settings) =>
    [
        new(List, settings.ListDays, IsPaper: false),
        new(Letters, settings.LetterDays, IsPaper: false),
        new(Pieces, settings.PieceDays, IsPaper: true),
        new(PrintFiles, settings.PrintFileDays, IsPaper: true),
    ];

    /// <summary>Receipt files speak of many jobs.</summary>
    public static PurgeClass OfReceipts(RetentionSettings settings) =>
        new(Receipts, settings.ReceiptDays, IsPaper: true);

    public static IEnumerable<PurgeClass> All(RetentionSettings settings) =>
        [.. OfJobs(settings), OfReceipts(settings)];
}
