using System.Globalization;
using System.Text.Json;
using Dispatch.System.Tests.Effects;
using Dispatch.System.Tests.Jobs;
using Dispatch.System.Tests.Paper;

namespace Dispatch.System.Tests.Ledger;

/// <summary>The reports of a job: they balance, and say the same as the list, the views and the print files.</summary>
[Collection(WorldCollection.Name)]
public sealed class WorldLedgerTests(WorldFixture fixture)
{
    const string ReportFields =
        "job rows digital paper held refused reasons batches seconds lettersPerHour balanced";

    static readonly string[] Effects = ["digital", "paper", "held", "refused"];

    public static TheoryData<string> Jobs => [.. WorldJobs.Names];

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task Report_CompletedJob_CountsAsTheOracle(string job)
    {
        var run = await fixture.RunAsync(job);

        var report = await fixture.Site.ReportAsync(run.Order.Key);

        Assert.Equal(ReportFields, string.Join(' ', report.EnumerateObject().Select(p => p.Name)));
        Assert.Equal("completed", report.GetProperty("job").GetProperty("state").GetString());
        Assert.Equal(run.Order.Rules.SenderCvr, report.GetProperty("job").GetProperty("sender").GetString());
        Assert.Equal(run.Order.Reference, report.GetProperty("job").GetProperty("reference").GetString());
        Assert.Equal(run.Expected.Length, report.GetProperty("rows").GetInt32());
        Assert.All(Effects, e => Assert.Equal(run.Count(e), report.GetProperty(e).GetInt32()));
        Assert.True(report.GetProperty("balanced").GetBoolean());
        Assert.Equal(
            run.Expected.GroupBy(v => $"{v.Effect}.{v.Reason}").ToDictionary(g => g.Key, g => g.Count()),
            report.GetProperty("reasons").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32()));
        Assert.Equal(
            "validate route compose handoff total",
            string.Join(' ', report.GetProperty("seconds").EnumerateObject().Select(p => p.Name)));
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task Run_WithJson_PrintsTheReportAlone(string job)
    {
        var run = await fixture.RunAsync(job);

        Assert.True(JsonElement.DeepEquals(await fixture.Site.ReportAsync(run.Order.Key), run.Run.Json));
    }

    [Fact]
    public async Task Report_Batches_AreThoseOfTheOutbox()
    {
        var run = await fixture.RunAsync(WorldJobs.Large);
        var report = await fixture.Site.ReportAsync(run.Order.Key);

        var expected = PrintBatch.Find(fixture.Site.Outbox, run.Order).Select(b =>
            $"{b.Name} {b.Manifest.Count} {b.Manifest.Sum(l => l.Pages)} {b.Manifest.Sum(l => l.Sheets)} "
                + $"{b.PdfSha256}");
        var found = report.GetProperty("batches").EnumerateArray().Select(b => string.Join(
            ' ', "name pieces pages sheets sha256".Split(' ').Select(f => b.GetProperty(f).ToString())));
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("refused")]
    [InlineData("held")]
    public async Task RowList_CompletedJob_NamesEachRowWithItsReasonAndIsSafeForSpreadsheets(string effect)
    {
        var run = await fixture.RunAsync(WorldJobs.Large);
        var file = Path.Combine(await fixture.Site.ReportsAsync(run.Order.Key), $"{effect}.csv");

        var records = CsvText.Parse(await File.ReadAllTextAsync(file));

        Assert.Equal("row;reference;reason;detail", string.Join(';', records[0]));
        var expected = Enumerable.Range(1, run.Expected.Length)
            .Where(row => run.Expected[row - 1].Effect == effect).Select(row => (row, run.Expected[row - 1].Reason));
        Assert.Equal(expected, records.Skip(1).Select(r => (int.Parse(r[0], CultureInfo.InvariantCulture), r[2])));
        Assert.DoesNotContain(records.SelectMany(r => r), cell => cell.Length > 0 && "=+-@\t\r".Contains(cell[0]));
        Assert.Equal(
            effect == "refused" ? ["'+1", "'-1", "'=1+1", "'@x"] : [],
            records.Select(r => r[1]).Where(r => r.StartsWith('\'')).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("ops.jobs", "job_id sender_cvr reference state rows")]
    [InlineData("ops.job_ledger", "job_id rows digital paper held refused balanced")]
    [InlineData("ops.effects", "job_id row_no effect reason")]
    [InlineData("ops.print_batches", "name job_id pieces pages sheets sha256 state attempt")]
    [InlineData("ops.notifications", "job_id channel state count")]
    [InlineData("ops.held", "job_id row_no reference reason since")]
    public async Task View_AsAuditor_HasTheDocumentedColumns(string view, string columns)
    {
        await using var connection = await fixture.Site.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand($"select * from {view} limit 0", connection);
        await using var reader = await command.ExecuteReaderAsync();

        Assert.Equal(columns, string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)));
    }

    [Theory]
    [InlineData("select * from register.people")]
    [InlineData("select * from mailbox.letters")]
    [InlineData("create table ops.x (y int)")]
    public async Task Auditor_BesideTheViews_IsDenied(string sql)
    {
        const string PermissionDenied = "42501";

        var refusal = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => fixture.Site.QueryAsync(sql));

        Assert.Equal(PermissionDenied, refusal.SqlState);
    }

    [Fact]
    public async Task JobLedger_EachJob_Balances()
    {
        foreach (var job in WorldJobs.Names)
        {
            var run = await fixture.RunAsync(job);
            var ledger = await fixture.Site.QueryAsync(
                "select rows, digital, paper, held, refused, balanced from ops.job_ledger where job_id = $1",
                await fixture.Site.JobIdAsync(run.Order.Key));
            Assert.Equal(
                $"{run.Expected.Length} {string.Join(' ', Effects.Select(run.Count))} True",
                string.Join(' ', Assert.Single(ledger)));
        }
    }

    [Fact]
    public async Task Run_RepeatedAfterTheEnd_PrintsTheSameReportAndChangesNothing()
    {
        var run = await fixture.RunAsync(WorldJobs.Large);
        var before = Snapshot();

        var again = (await fixture.Site.RunAsync("run", run.Folder, "--json")).Expect(3);

        Assert.True(JsonElement.DeepEquals(run.Run.Json, again.Json), again.Output);
        Assert.Equal(before, Snapshot());
        var found = await EffectTable.ReadAsync(fixture.Site, run.Order.Key);
        Assert.Empty(EffectTable.Compare(run.Expected, found));
    }

    [Fact]
    public async Task Audit_AllJobs_FindsNoViolation()
    {
        await fixture.RunAsync(WorldJobs.Large);

        (await fixture.Site.RunAsync("audit")).Expect(0);
    }

    List<string> Snapshot() =>
        [.. new DirectoryInfo(fixture.Site.Outbox).GetFiles("*", SearchOption.AllDirectories)
            .Select(f => $"{f.FullName} {f.Length} {f.LastWriteTimeUtc:O}").Order(StringComparer.Ordinal)];
}
