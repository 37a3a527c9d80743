using Dispatch.System.Tests.Paper;

namespace Dispatch.System.Tests.Desk;

/// <summary>Letters looked at before a job is submitted: drawn as a run would, and nothing of them is kept.</summary>
[Collection(DeskCollection.Name)]
public sealed class ProofTests(DeskFixture desk)
{
    [Fact]
    public async Task Proof_OfAllKindsOfRows_DrawsLettersNamesTheOthersAndKeepsNothing()
    {
        var twice = desk.Enrolled[0].Cpr;
        var job = desk.Job(
            [twice, desk.Exempt.Cpr, desk.WithoutAddress.Cpr, desk.Enrolled[1].Cpr, "0000000000", twice]);
        var file = Path.Combine(desk.Site.Folder, "proof.pdf");
        var before = await StoredAsync();

        var proof = await desk.Site.RunAsync(
            "proof", job.Folder, "--rows", "1-3,5-6", "--out", file, "--overlay", "--json");

        proof.Expect(3);
        Assert.Equal(
            ["1 digital enrolled 1", "2 paper exempt 3"],
            proof.Json.GetProperty("rows").EnumerateArray().Select(r =>
                $"{r.GetProperty("row")} {r.GetProperty("effect")} {r.GetProperty("reason")} "
                    + $"{r.GetProperty("firstPage")}"));
        Assert.Equal(
            ["warning: proof.not_drawn: row 3: address.missing", "warning: proof.not_drawn: row 5: cpr.date",
                "warning: proof.not_drawn: row 6: duplicate"],
            proof.Error.Split('\n').Where(line => line.StartsWith("warning: proof", StringComparison.Ordinal)));
        Assert.DoesNotContain(desk.Enrolled[0].Name, proof.Error + proof.Output, StringComparison.Ordinal);

        var pages = await PdfText.PagesAsync(file);
        Assert.Equal(4, pages.Length);
        Assert.All(pages, page => Assert.Contains("PROOF", page, StringComparison.Ordinal));
        Assert.Contains(DeskJob.Marker(1), pages[0], StringComparison.Ordinal);
        Assert.Contains(DeskJob.Marker(2), pages[2], StringComparison.Ordinal);
        Assert.Contains(desk.Exempt.Street, PdfText.Flow(pages), StringComparison.Ordinal);
        Assert.DoesNotContain(DeskJob.Marker(4), PdfText.Flow(pages), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        Assert.Equal(before, await StoredAsync());
        var events = await desk.Site.QueryAsAsync("none", "select detail from dispatch.events where action = 'proof'");
        Assert.Contains(events, e => e[0]!.StartsWith(job.Key, StringComparison.Ordinal)
            && e[0]!.EndsWith("rows 1-3,5-6", StringComparison.Ordinal));

        // What is looked at is what a run does, its own date given.
        (await job.RunAsync()).Expect(3);
        Assert.StartsWith(
            "1 digital enrolled, 2 paper exempt, 3 held address.missing, 4 digital enrolled, 5 refused cpr.date, "
            + "6 refused duplicate",
            await job.EffectsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proof_RangeBehindTheLastRow_IsCutToTheList()
    {
        var job = desk.Job([desk.Enrolled[0].Cpr, desk.Enrolled[1].Cpr]);
        var file = Path.Combine(desk.Site.Folder, "short-list.pdf");

        var proof = await desk.Site.RunAsync("proof", job.Folder, "--rows", "2-20", "--out", file, "--json");

        proof.Expect(0);
        Assert.Equal(2, Assert.Single(proof.Json.GetProperty("rows").EnumerateArray()).GetProperty("row").GetInt32());
        Assert.Contains("warning: proof.rows_cut: --rows goes on behind row 2", proof.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(file));
    }

    [Fact]
    public async Task Proof_RowsThatAreNot_IsWrongUsageAndWritesNothing()
    {
        var job = desk.Job([desk.Enrolled[0].Cpr]);
        var file = Path.Combine(desk.Site.Folder, "never-a-proof.pdf");

        (await desk.Site.RunAsync("proof", job.Folder, "--rows", "2-3", "--out", file)).ExpectError(2, "rows.invalid");

        Assert.False(File.Exists(file));
    }

    async Task<string> StoredAsync() => string.Join('\n', (await desk.Site.QueryAsAsync(
        "none",
        """
        select (select count(*) from dispatch.jobs), (select count(*) from mailbox.letters),
               (select count(*) from dispatch.pieces), (select count(*) from dispatch.templates)
        """)).Select(row => string.Join(' ', row)))
            + Directory.GetFiles(Path.Combine(desk.Site.Data, "spool", "lists")).Length;
}
