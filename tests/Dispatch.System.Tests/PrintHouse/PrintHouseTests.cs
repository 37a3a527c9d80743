using Dispatch.System.Tests.Desk;
using Dispatch.System.Tests.Paper;
using Dispatch.System.Tests.Running;
using Npgsql;

namespace Dispatch.System.Tests.PrintHouse;

/// <summary>
/// The program and a print house that damages, repeats, loses and mistakes things: the ledger must end right.
/// </summary>
[Collection(PrintHouseCollection.Name)]
public sealed class PrintHouseTests(DeskFixture desk)
{
    const int Letters = 40;
    const string House = "default";

    [Fact]
    public async Task Receipts_FromAPrintHouseThatFails_LeadToAReprintAndARightLedger()
    {
        var job = desk.Job(
            desk.Enrolled.Take(Letters).Select(p => p.Cpr),
            o => o with { Rules = o.Rules with { Channel = "paper-only" } });
        (await job.RunAsync()).Expect(0);
        var effects = await job.EffectsAsync();
        var batch = Assert.Single(job.Batches());
        await SimulatedPrintHouse.CheckAsync(batch);
        var house = new SimulatedPrintHouse(Directory.CreateDirectory(Path.Combine(job.Folder, "answers")).FullName);
        var (lost, sound) = (batch.Manifest[3], batch.Manifest.Skip(4).ToList());
        var spoiled = batch.Manifest.Take(3).ToList();

        // The batch is accepted, printed but for one piece it lost, and three are torn by the inserter.
        var printed = house.Write(
        [
            SimulatedPrintHouse.Say(batch, "accepted"),
            .. spoiled.Concat(sound).Select(l => SimulatedPrintHouse.Say(batch, l, "printed")),
        ]);
        await ImportAsync(printed);
        await ImportAsync(house.Write(
        [
            .. sound.Select(l => SimulatedPrintHouse.Say(batch, l, "posted")),
            .. spoiled.Select(l => SimulatedPrintHouse.Say(batch, l, "spoiled")),
        ]));
        Assert.True((await ImportAsync(printed)).Json.GetProperty("isRepeat").GetBoolean());
        Assert.Equal([("accepted", 1)], await StatesAsync("ops.print_batches", job.Key));
        Assert.Equal(
            [("handed_off", 1), ("posted", sound.Count), ("spoiled", spoiled.Count)],
            await StatesAsync("ops.print_pieces", job.Key));

        // A file with a stranger's piece, and one that is not whole: nothing of them counts.
        var posted = SimulatedPrintHouse.Say(batch, lost, "posted");
        var stranger = posted.Replace(lost.PieceId, new string('f', 20), StringComparison.Ordinal);
        (await RunImportAsync(house.Write(posted, stranger))).ExpectError(65, "receipt.unknown_piece");
        var half = house.Write(SimulatedPrintHouse.Say(batch, lost, "posted"));
        await File.WriteAllTextAsync(half, (await File.ReadAllTextAsync(half)).Split("#end")[0]);
        (await RunImportAsync(half)).ExpectError(65, "receipt.end_missing");
        Assert.Contains(("handed_off", 1), await StatesAsync("ops.print_pieces", job.Key));

        await MakeOverdueAsync(job.Key);
        var status = (await desk.Site.RunAsync("status", job.Key, "--json")).Expect(0).Json.GetProperty("paper");
        Assert.Equal((1, 1, 3), (
            status.GetProperty("batchesOverdue").GetInt32(), status.GetProperty("piecesUnanswered").GetInt32(),
            status.GetProperty("piecesToReprint").GetInt32()));
        Assert.Contains(
            "ALARM: 1 batch ",
            (await desk.Site.RunAsync("status", job.Key)).Expect(0).Output,
            StringComparison.Ordinal);

        var again = await ReprintAsync(job, batch, spoiled);
        await ImportAsync(house.Write(
        [
            SimulatedPrintHouse.Say(again, "accepted"),
            .. again.Manifest.Select(l => SimulatedPrintHouse.Say(again, l, "printed")),
            .. again.Manifest.Select(l => SimulatedPrintHouse.Say(again, l, "posted")),
        ]));
        await ImportAsync(house.Write(SimulatedPrintHouse.Say(batch, lost, "posted")));

        Assert.Equal([("printed", 2)], await StatesAsync("ops.print_batches", job.Key));
        Assert.Equal([("posted", Letters), ("spoiled", 3)], await StatesAsync("ops.print_pieces", job.Key));
        Assert.Equal(effects, await job.EffectsAsync());
        Assert.Equal("0", (await desk.Site.QueryAsync(
            "select count(*) from ops.incidents where job_id = $1", await desk.Site.JobIdAsync(job.Key)))[0][0]);
        (await desk.Site.RunAsync("audit", job.Key)).Expect(0);
    }

    async Task<PrintBatch> ReprintAsync(DeskJob job, PrintBatch batch, List<ManifestLine> pieces)
    {
        var ids = string.Join(',', pieces.Select(l => l.PieceId));
        string[] command = ["reprint", batch.Name, "--pieces", ids, "--reason", "torn", "--json"];
        var first = (await desk.Site.RunAsync(command)).Expect(0).Json;
        var second = (await desk.Site.RunAsync(command)).Expect(0).Json;
        Assert.Equal(first.GetProperty("batch").GetString(), second.GetProperty("batch").GetString());
        Assert.True(second.GetProperty("isRepeat").GetBoolean());

        var again = Assert.Single(job.Batches(), b => b.Name == first.GetProperty("batch").GetString());
        await SimulatedPrintHouse.CheckAsync(again);
        Assert.Equal(2, job.Batches().Count);
        Assert.Equal(2, again.Ticket.GetProperty("attempt").GetInt32());
        Assert.Equal(pieces.Select(l => l.PieceId), again.Manifest.Select(l => l.PieceId));
        foreach (var piece in pieces)
        {
            Assert.Equal(
                await SimulatedPrintHouse.ReadAsync(batch, piece.PieceId),
                await SimulatedPrintHouse.ReadAsync(again, piece.PieceId));
        }

        return again;
    }

    Task<CommandResult> RunImportAsync(string file) =>
        desk.Site.RunAsync("receipts", "import", file, "--print-house", House, "--json");

    async Task<CommandResult> ImportAsync(string file) => (await RunImportAsync(file)).Expect(0);

    async Task<List<(string, int)>> StatesAsync(string view, string key) => [
        .. (await desk.Site.QueryAsync(
            $"select state, count(*) from {view} where job_id = $1 group by state order by state",
            await desk.Site.JobIdAsync(key)))
            .Select(row => (row[0]!, int.Parse(row[1]!, global::System.Globalization.CultureInfo.InvariantCulture)))];

    async Task MakeOverdueAsync(string key)
    {
        await using var connection = await desk.Site.OpenAsync("none");
        await using var command = new NpgsqlCommand(
            "update dispatch.batches set receipt_due = '2026-01-01' where job_id = $1", connection);
        command.Parameters.Add(new() { Value = await desk.Site.JobIdAsync(key) });
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }
}
