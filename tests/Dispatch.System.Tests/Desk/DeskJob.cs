using System.Globalization;
using Dispatch.System.Tests.Effects;
using Dispatch.System.Tests.Jobs;
using Dispatch.System.Tests.Oracle;
using Dispatch.System.Tests.Paper;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Desk;

/// <summary>A small job and what can be seen of it.</summary>
sealed record DeskJob(Site Site, JobOrder Order, string Folder)
{
    public const string Letter = """
        # {{job.title}}

        Mærke: {{marker}}

        Beløb {{amount:money}} den {{day:date-long}}, kort {{day:date}}.
        """;

    static readonly LetterField[] Fields =
        [new("marker", "text", true), new("amount", "money", true), new("day", "date", true)];

    public string Key => Order.Key;

    public static DeskJob Write(Site site, JobOrder order, IEnumerable<string> recipients, string letter)
    {
        var list = new RecipientList(["recipient", "marker", "amount", "day"], Fields);
        foreach (var recipient in recipients)
        {
            list.Rows.Add([recipient, Marker(list.Rows.Count + 1), "1.234,5", "2026-03-09"]);
        }

        var folder = Path.Combine(site.Folder, order.Reference);
        return new(site, order, JobFolder.Write(folder, order, list, letter));
    }

    /// <summary>The text that only row <paramref name="row"/> has; rows count from 1.</summary>
    public static string Marker(int row) => string.Create(CultureInfo.InvariantCulture, $"SKILT{row:0000}X");

    public Task<CommandResult> RunAsync() => Site.RunAsync("run", Folder, "--json");

    public Task<string?> StateAsync() => Site.StateAsync(Key);

    public async Task<string> EffectsAsync() =>
        string.Join(", ", (await EffectTable.ReadAsync(Site, Key)).Select(e => $"{e.Row} {e.Verdict}"));

    public async Task<int> EffectCountAsync() => (await EffectTable.ReadAsync(Site, Key)).Count;

    public List<PrintBatch> Batches() => PrintBatch.Find(Site.Outbox, Order);
}
