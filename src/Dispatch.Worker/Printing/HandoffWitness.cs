using System.Text.Json;
using Dispatch.PrintExport.Batches;
using Dispatch.Routing;

namespace Dispatch.Worker.Printing;

/// <summary>
/// Compares what the database knows of a job's hand-off with what others know: the journal, the outbox, and receipts
/// that name batches nobody here gave away. They know more when the database was restored from a backup.
/// </summary>
static class HandoffWitness
{
    const string TicketSuffix = ".ticket.json";
    const long ReceiptBytesMax = 64 << 20;

    /// <summary>Batches of the job whose ticket lies in a print house's folder.</summary>
    public static IEnumerable<HandedOffBatch> InOutbox(IEnumerable<string> folders, PrintOrder order) =>
        folders.Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, $"*{MarkOf(order)}*{TicketSuffix}"))
            .Select(path => Read(path, order)).OfType<(HandedOffBatch Batch, string Reference)>()
            .Where(ticket => ticket.Reference == order.Reference).Select(ticket => ticket.Batch);

    /// <summary>Batches of the job that a receipt file in quarantine names.</summary>
    public static IEnumerable<HandedOffBatch> InReceipts(string quarantine, PrintOrder order)
    {
        var mark = MarkOf(order);
        var files = Directory.Exists(quarantine) ? new DirectoryInfo(quarantine).EnumerateFiles() : [];
        return files.Where(file => file.Length <= ReceiptBytesMax)
            .SelectMany(file => File.ReadLines(file.FullName).Select(line => line.Split(';')[0]))
            .Where(name => name.Contains(mark, StringComparison.Ordinal))
            .Where(name => name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            .Distinct()
            .Select(name => new HandedOffBatch(name, "", "", IsOut: false));
    }

    /// <summary>Batches that are out already, as files of the same bytes: only the database does not know.</summary>
    /// <param name="begun">Names of the batches whose hand-off the database knows of.</param>
    /// <exception cref="DispatchException">
    /// <c>handoff.unrecorded</c> (1): batches of which that cannot be said.
    /// </exception>
    public static IReadOnlyList<PrintBatch> FindAdopted(
        IEnumerable<HandedOffBatch> witnessed, IReadOnlySet<string> begun, IReadOnlyList<PrintBatch> open)
    {
        var adopted = new List<PrintBatch>();
        var unrecorded = new List<string>();
        foreach (var other in witnessed.Where(batch => !begun.Contains(batch.Name)).DistinctBy(batch => batch.Name))
        {
            if (other.IsOut
                && open.FirstOrDefault(batch => batch.Name == other.Name) is { } same && other.IsSameAs(same))
            {
                adopted.Add(same with { CreatedAt = other.PlannedAt ?? same.CreatedAt });
            }
            else
            {
                unrecorded.Add(other.Name);
            }
        }

        return unrecorded.Count == 0 ? adopted : throw Unrecorded(unrecorded);
    }

    /// <summary>What the names of the job's batches have in them; those of another job may have it as well.</summary>
    static string MarkOf(PrintOrder order) => $"-{order.SenderCvr}-{BatchName.Normalize(order.Reference)}-";

    static DispatchException Unrecorded(List<string> names) => new(
        "handoff.unrecorded",
        $"{names.Count} batches of the job are known outside the database and not to it, '{names[0]}' first, "
        + "as after an older backup was restored; expected none; nothing was handed off: "
        + "ask the print house which it has, and see ops/runbook.md",
        ExitCode.Failed);

    // Whoever takes files away may do so while we look; what is no ticket is no witness.
    static (HandedOffBatch Batch, string Reference)? Read(string path, PrintOrder order)
    {
        var name = Path.GetFileName(path)[..^TicketSuffix.Length];
        try
        {
            using var ticket = JsonDocument.Parse(File.ReadAllBytes(path));
            var files = ticket.RootElement.GetProperty("files").EnumerateArray()
                .Select(file => file.GetProperty("sha256").GetString() ?? "").ToList();
            var reference = ticket.RootElement.GetProperty("job").GetProperty("reference").GetString() ?? "";
            var planned = ticket.RootElement.GetProperty("createdAt").GetDateTime();
            return (new(name, files[0], files[1], IsOut: true) { PlannedAt = planned }, reference);
        }
        catch (UnauthorizedAccessException)
        {
            return (new(name, "", "", IsOut: true), order.Reference); // out, and nobody can say as what
        }
        catch (Exception fault) when (fault is IOException or JsonException or KeyNotFoundException
            or InvalidOperationException or ArgumentOutOfRangeException or FormatException)
        {
            return null;
        }
    }
}
