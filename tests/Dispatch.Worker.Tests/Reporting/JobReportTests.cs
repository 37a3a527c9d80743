using System.Runtime.CompilerServices;
using System.Text.Json;
using Dispatch.Routing;
using Dispatch.Worker.Reporting;

namespace Dispatch.Worker.Tests.Reporting;

public sealed class JobReportTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    readonly string _reports = Directory.CreateTempSubdirectory("dispatch-reports-").FullName;
    readonly LedgerSeed _ledger = new(database.Owner);
    int _job;

    public async Task InitializeAsync()
    {
        await _ledger.ClearAsync();
        await _ledger.AddCompletedJobAsync("another");
        _job = await _ledger.AddCompletedJobAsync("2026-aarsopgoerelse");
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_reports, recursive: true);
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("report.json")]
    [InlineData("report.html")]
    [InlineData("refused.csv")]
    [InlineData("held.csv")]
    public async Task WriteAsync_CompletedJob_WritesTheApprovedFile(string name)
    {
        await WriteAsync();

        Approve(name, await ReadAsync(name));
    }

    [Fact]
    public async Task WriteAsync_CompletedJob_GivesTheDocumentItWrote()
    {
        var report = await WriteAsync();

        Assert.Equal(report.ToJson(), await ReadAsync("report.json"));
        Assert.Equal(
            ["held.csv", "refused.csv", "report.html", "report.json"],
            Directory.EnumerateFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task WriteAsync_Twice_GivesTheSameBytes()
    {
        await WriteAsync();
        var first = await ReadAsync("report.html") + await ReadAsync("report.json");

        await WriteAsync();

        Assert.Equal(first, await ReadAsync("report.html") + await ReadAsync("report.json"));
    }

    [Fact]
    public async Task WriteAsync_RowWithoutOutcome_IsNotBalanced()
    {
        await _ledger.ExecuteAsync($"delete from mailbox.letters where job_id = {_job} and row_no = 1");

        var report = await WriteAsync();

        Assert.False(report.Balanced);
        Assert.Contains(
            "Balanced: no. 1 of 200 rows have no outcome", await ReadAsync("report.html"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("delete from mailbox.letters where job_id = {0} and row_no = 1;"
        + " insert into dispatch.refused values ({0}, 2, null, '', 405, '', 0)")]
    [InlineData("update mailbox.letters set row_no = 201 where job_id = {0} and row_no = 1")]
    [InlineData("update mailbox.letters set row_no = 0 where job_id = {0} and row_no = 1")]
    public async Task WriteAsync_LossAndRepetitionThatCancelOut_IsNotBalanced(string sql)
    {
        await _ledger.ExecuteAsync(sql.Replace("{0}", $"{_job}", StringComparison.Ordinal));

        var report = await WriteAsync();

        Assert.Equal(report.Rows, report.Digital + report.Paper + report.Held + report.Refused);
        Assert.False(report.Balanced);
    }

    [Fact]
    public async Task WriteAsync_JobThatHasNotRun_ReportsNoughts()
    {
        await _ledger.ExecuteAsync($$"""
            delete from mailbox.letters where job_id = {{_job}};
            delete from dispatch.batch_pieces where job_id = {{_job}};
            delete from dispatch.batches where job_id = {{_job}};
            delete from dispatch.pieces where job_id = {{_job}};
            delete from dispatch.held where job_id = {{_job}};
            delete from dispatch.refused where job_id = {{_job}};
            update dispatch.jobs set state = 'waiting', seconds = '{}', completed_at = null, released_at = null,
                   release_date = null where job_id = {{_job}}
            """);

        using var json = JsonDocument.Parse((await WriteAsync()).ToJson());

        Assert.Equal(
            """{"validate":0,"route":0,"compose":0,"handoff":0,"total":0}""",
            JsonSerializer.Serialize(json.RootElement.GetProperty("seconds")));
        Assert.Equal(0, json.RootElement.GetProperty("lettersPerHour").GetInt64());
        Assert.False(json.RootElement.GetProperty("balanced").GetBoolean());
        Assert.Contains("Nothing goes to a print house", await ReadAsync("report.html"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_MarkupInTitle_IsEscaped()
    {
        await _ledger.ExecuteAsync($"""
            update dispatch.jobs set title = '<script>alert(1)</script>', sender_name = 'A & "B"' where job_id = {_job}
            """);

        await WriteAsync();

        var page = await ReadAsync("report.html");
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.Contains("A &amp; &quot;B&quot;", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_Page_NeedsNothingFromOutside()
    {
        await WriteAsync();

        var page = await ReadAsync("report.html");
        foreach (var reach in new[] { "src=", "href=", "url(", "@import", "http:", "https:", "<script", "<link" })
        {
            Assert.DoesNotContain(reach, page, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task WriteAsync_UnknownJob_IsRefused()
    {
        var fault = await Assert.ThrowsAsync<DispatchException>(
            () => JobReport.WriteAsync(database.DataSource, 999, _reports, default));

        Assert.Equal("job.unknown", fault.Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_reports));
    }

    [Fact]
    public async Task ResolveAsync_IdOrName_FindsTheJob()
    {
        Assert.Equal(_job, await JobName.ResolveAsync(database.DataSource, $"{_job}", default));
        Assert.Equal(
            _job,
            await JobName.ResolveAsync(database.DataSource, $"{LedgerSeed.SenderCvr}/2026-aarsopgoerelse", default));
        await Assert.ThrowsAsync<DispatchException>(
            () => JobName.ResolveAsync(database.DataSource, "no/such", default));
        await Assert.ThrowsAsync<DispatchException>(() => JobName.ResolveAsync(database.DataSource, "-1", default));
    }

    string Folder => Path.Combine(_reports, $"{_job}");

    Task<JobReport> WriteAsync() => JobReport.WriteAsync(database.DataSource, _job, _reports, default);

    Task<string> ReadAsync(string name) => File.ReadAllTextAsync(Path.Combine(Folder, name));

    /// <summary>Compares with the file beside this one; what was got instead is left there as NAME.received.</summary>
    static void Approve(string name, string actual, [CallerFilePath] string test = "")
    {
        var approved = Path.Combine(Path.GetDirectoryName(test)!, "Approved", name);
        var expected = File.Exists(approved) ? File.ReadAllText(approved) : "";
        if (actual != expected)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(approved)!);
            File.WriteAllText(approved + ".received", actual);
        }

        Assert.Equal(expected, actual);
    }
}
