namespace Dispatch.Worker.Reporting.Audit;

/// <summary>A file in a print house's folder.</summary>
/// <param name="Kind">What follows the batch's name, for instance <c>.pdf</c>; empty for a file that is no
/// batch's.</param>
/// <param name="IsPart">Still being written, or left behind.</param>
sealed record OutboxEntry(string PrintHouse, string Path, string Batch, string Kind, bool IsPart);

static class OutboxListing
{
    public const string Pdf = ".pdf";
    public const string Manifest = ".manifest.csv";
    public const string Ticket = ".ticket.json";

    const string Part = ".part";

    public static IReadOnlyList<OutboxEntry> Read(string outboxFolder) => Directory.Exists(outboxFolder)
        ? Directory.EnumerateDirectories(outboxFolder).Order(StringComparer.Ordinal)
            .SelectMany(folder => Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(Describe))
            .ToList()
        : [];

    static OutboxEntry Describe(string path)
    {
        var printHouse = Path.GetFileName(Path.GetDirectoryName(path)) ?? "";
        var name = Path.GetFileName(path);
        var isPart = name.EndsWith(Part, StringComparison.Ordinal);
        var whole = isPart ? name[..^Part.Length] : name;
        foreach (var kind in new[] { Pdf, Manifest, Ticket })
        {
            if (whole.EndsWith(kind, StringComparison.Ordinal))
            {
                return new(printHouse, path, whole[..^kind.Length], kind, isPart);
            }
        }

        return new(printHouse, path, whole, "", isPart);
    }
}
