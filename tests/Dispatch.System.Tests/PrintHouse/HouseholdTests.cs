using Dispatch.System.Tests.Desk;
using Dispatch.System.Tests.Paper;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.PrintHouse;

/// <summary>A job whose letters to one address go into one envelope, as its print house meets it.</summary>
[Collection(PrintHouseCollection.Name)]
public sealed class HouseholdTests(DeskFixture desk)
{
    const string House = "default";

    [Fact]
    public async Task Run_JobThatJoinsHouseholds_OneEnvelopeForThoseWhoLiveTogether()
    {
        // Rows: Anders 1, Clara (a child) 2, Bodil 3, two who share a post address only 4 and 5, next door 6, Bente,
        // whose street has a space more, 7, protected 8, the firm 9. Printed: Bente, the three, the firm at
        // their address, next door, the two, and the protected one last.
        int[] printed = [7, 1, 3, 2, 9, 6, 4, 5, 8];
        var job = desk.Job(
            [.. desk.Family.Concat(desk.Neighbours).Append(desk.ProtectedSpouse).Select(p => p.Cpr),
                desk.FamilyFirm.Cvr],
            o => o with { JoinsHouseholds = true, Rules = o.Rules with { Channel = "paper-only" } });
        (await job.RunAsync()).Expect(0);
        var effects = await job.EffectsAsync();
        var batch = Assert.Single(job.Batches());

        Assert.Equal([1, 2, 2, 2, 3, 4, 5, 6, 7], batch.Manifest.Select(line => line.Sequence));
        Assert.Equal(9, batch.Ticket.GetProperty("pieces").GetInt32());
        Assert.Equal(
            ["0000010010011", "0000020010030", "0000020020030", "0000020030031",
                .. Enumerable.Range(3, 5).Select(no => $"{no:000000}0010011")],
            await MarksAsync(batch));
        for (var at = 0; at < printed.Length; at++)
        {
            var letter = await SimulatedPrintHouse.ReadAsync(batch, batch.Manifest[at].PieceId);
            Assert.Equal(
                [DeskJob.Marker(printed[at])],
                letter.Split(' ').Where(word => word.StartsWith("SKILT", StringComparison.Ordinal)));
        }

        await SpoilAndReprintAsync(job, batch, batch.Manifest[1]);
        Assert.Equal(effects, await job.EffectsAsync());
        (await desk.Site.RunAsync("audit", job.Key)).Expect(0);
    }

    async Task SpoilAndReprintAsync(DeskJob job, PrintBatch batch, ManifestLine lost)
    {
        var house = new SimulatedPrintHouse(Directory.CreateDirectory(Path.Combine(job.Folder, "answers")).FullName);
        var answers = house.Write([
            SimulatedPrintHouse.Say(batch, "accepted"), .. batch.Manifest.Select(line =>
                SimulatedPrintHouse.Say(batch, line, line == lost ? "spoiled" : "posted"))]);
        (await desk.Site.RunAsync("receipts", "import", answers, "--print-house", House, "--json")).Expect(0);
        var reprint = (await desk.Site.RunAsync(
            "reprint", batch.Name, "--pieces", lost.PieceId, "--reason", "torn", "--json")).Expect(0).Json;

        var again = Assert.Single(job.Batches(), b => b.Name == reprint.GetProperty("batch").GetString());
        await SimulatedPrintHouse.CheckAsync(again);
        Assert.Equal(["0000010010011"], await MarksAsync(again));
        Assert.Equal(
            await SimulatedPrintHouse.ReadAsync(batch, lost.PieceId),
            await SimulatedPrintHouse.ReadAsync(again, lost.PieceId));
        var states = await desk.Site.QueryAsync(
            "select sequence, envelope, state from ops.print_pieces where batch = $1 order by sequence limit 3",
            batch.Name);
        Assert.Equal(
            ["1 1 posted", "2 2 spoiled", "3 2 posted"], states.Select(row => string.Join(' ', row)));
    }

    /// <summary>What the marks say after the batch's own digits, sheet by sheet.</summary>
    static async Task<IEnumerable<string>> MarksAsync(PrintBatch batch)
    {
        var folder = TestFolder.Create("marks");
        string[] edge = ["-r", "300", "-gray", "-x", "0", "-y", "1050", "-W", "177", "-H", "132"];
        (await Command.RunAsync("pdftoppm", [.. edge, batch.Pdf, Path.Combine(folder, "page")])).Expect(0);
        var pages = Directory.GetFiles(folder).Order(StringComparer.Ordinal);
        var marks = (await Command.RunAsync("dmtxread", ["-n", "-N", "1", "-m", "2000", .. pages])).Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        TestFolder.Remove(folder);
        Assert.All(marks, mark => Assert.Equal(batch.Name[^8..], mark[..8]));
        return marks.Select(mark => mark[8..]);
    }
}
