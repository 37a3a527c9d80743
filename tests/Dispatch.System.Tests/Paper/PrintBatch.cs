using System.Security.Cryptography;
using System.Text.Json;
using Dispatch.System.Tests.Jobs;

namespace Dispatch.System.Tests.Paper;

/// <summary>The three files of one batch, as the print house takes them.</summary>
sealed record PrintBatch(string Folder, string Name, JsonElement Ticket, IReadOnlyList<ManifestLine> Manifest)
{
    public string Pdf => Path.Combine(Folder, $"{Name}.pdf");

    public string ManifestFile => Path.Combine(Folder, $"{Name}.manifest.csv");

    public string TicketFile => Path.Combine(Folder, $"{Name}.ticket.json");

    public string PdfSha256 => Sha256(Pdf);

    /// <summary>All whole batches of a job; the ticket is the mark that a batch is whole.</summary>
    public static List<PrintBatch> Find(string outbox, JobOrder order) =>
        Directory.Exists(outbox)
            ? [.. Directory.GetFiles(outbox, "*.ticket.json", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal).Select(Read).Where(b => b.IsOf(order))]
            : [];

    public static string Sha256(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    static PrintBatch Read(string ticketFile)
    {
        var folder = Path.GetDirectoryName(ticketFile)!;
        var ticket = JsonDocument.Parse(File.ReadAllText(ticketFile)).RootElement;
        var name = ticket.GetProperty("name").GetString()!;
        return new(folder, name, ticket, ManifestLine.ReadAll(Path.Combine(folder, $"{name}.manifest.csv")));
    }

    bool IsOf(JobOrder order)
    {
        var job = Ticket.GetProperty("job");
        return job.GetProperty("sender").GetString() == order.Rules.SenderCvr
            && job.GetProperty("reference").GetString() == order.Reference;
    }
}
