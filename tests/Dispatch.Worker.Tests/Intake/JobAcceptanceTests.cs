using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Intake;
using Npgsql;

namespace Dispatch.Worker.Tests.Intake;

public sealed class JobAcceptanceTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime, IDisposable
{
    readonly IntakeSite _site = new();
    readonly string _reference = $"job-{Guid.NewGuid():N}";

    NpgsqlDataSource Source => database.DataSource;

    // Every test has a key of its own.
    public Task InitializeAsync() => database.ExecuteAsync(
        "truncate dispatch.keys; "
        + $"insert into dispatch.keys (key_id, state) values ('{_site.Keys.FirstKeyId}', 'current')");

    [Fact]
    public async Task SubmitAsync_NewJob_IsThereWhole()
    {
        Prepare(", \"expectedRows\": 5");
        _site.Write("recipients.csv", List(5));

        var (job, isRepeat) = await SubmitAsync(new() { ChunkRows = 2 });

        Assert.False(isRepeat);
        Assert.Equal(("checked", 5, 0), (job.State, job.Rows, job.Segment));
        Assert.Equal(["recipient", "reference", "name"], job.Columns);
        Assert.Equal(
            [(0, 1, 2), (1, 3, 2), (2, 5, 1)], job.Chunks.Select(chunk => (chunk.ChunkNo, chunk.FirstRow, chunk.Rows)));
        Assert.Equal("Prøvebrev", job.Order.Title);
        using var list = SpooledList.Open(Path.Combine(_site.ListFolder, job.ListFile));
        using var key = await job.OpenKeyAsync(_site.Keys, CancellationToken.None);
        var last = job.Chunks[^1];
        var (bytes, text) = (new byte[last.SpoolBytes], new byte[last.SpoolBytes - 16]);
        list.ReadChunk(last.SpoolOffset, bytes);
        key.OpenListChunk(last.ChunkNo, bytes, text);
        Assert.Equal($"{IntakeSite.Cpr};5;Anna\n", System.Text.Encoding.UTF8.GetString(text));
        Assert.Equal(1L, await CountAsync($"dispatch.events where action = 'submit' and job_id = {job.JobId}"));
    }

    // Whoever may write to the database must not put other words into a letter that was approved.
    [Theory]
    [InlineData("update dispatch.templates set source = source || ' Betal straks.' where template_id = ")]
    [InlineData("insert into dispatch.template_assets (name, content, template_id) select 'x.png', '\\x00', ")]
    [InlineData("update dispatch.templates set fonts = fonts[2:] where template_id = ")]
    public async Task LayOutAsync_LetterThatWasChangedInTheDatabase_IsRefused(string sql)
    {
        _site.Write("job.json", IntakeSite.OrderJson(_reference));
        _site.Write("letter.md", $"\uFEFF# Brev {_reference}\n\nKære {{{{name}}}}\n"); // with a byte order mark
        var job = (await SubmitAsync()).Job;
        var (date, fonts) = (new DateOnly(2026, 3, 9), _site.Setting().Fonts);
        await JobLetter.LayOutAsync(Source, job, date, fonts, default);

        await database.ExecuteAsync(sql + job.TemplateId);

        var fault = await Assert.ThrowsAsync<DispatchException>(
            () => JobLetter.LayOutAsync(Source, job, date, fonts, default));
        Assert.Equal(("template.changed", ExitCode.Failed), (fault.Code, fault.Exit));
        Assert.Equal("template.changed", (await Assert.ThrowsAsync<DispatchException>(
            () => JobLetter.ReadAsync(Source, job, default))).Code);
    }

    [Fact]
    public async Task SubmitAsync_WithADrip_IsCutIntoAMinutesLetters()
    {
        _site.Write("job.json", IntakeSite.OrderJson(_reference).Replace(
            "\"letter\"", "\"drip\": { \"perHour\": 120 }, \"letter\"", StringComparison.Ordinal));
        _site.Write("recipients.csv", List(5));

        var (job, _) = await SubmitAsync();

        Assert.Equal([2, 2, 1], job.Chunks.Select(chunk => chunk.Rows));
        Assert.Equal(120, await database.QueryAsync<int>($"select pace from dispatch.jobs where job_id = {job.JobId}"));
    }

    [Fact]
    public async Task LoadAsync_IdOrSenderAndReference_FindsTheJob()
    {
        Prepare();
        var (job, _) = await SubmitAsync();

        var byId = await AcceptedJob.LoadAsync(Source, $"{job.JobId}", CancellationToken.None);
        var byName = await AcceptedJob.LoadAsync(Source, $"19552101/{_reference}", CancellationToken.None);

        Assert.Equal((job.JobId, job.JobId), (byId.JobId, byName.JobId));
        foreach (var unknown in new[] { "0", "-1", "x", "19552101/none", "a/b/c", "" })
        {
            var fault = await Assert.ThrowsAsync<DispatchException>(
                () => AcceptedJob.LoadAsync(Source, unknown, CancellationToken.None));
            Assert.Equal("job.unknown", fault.Code);
        }
    }

    [Fact]
    public async Task SubmitAsync_LargeJob_GetsASegmentOfItsOwn()
    {
        Prepare();
        _site.Write("recipients.csv", List(JobAcceptance.OwnSegmentRowsMin));

        var (job, _) = await SubmitAsync();

        Assert.Equal(job.JobId, job.Segment);
    }

    [Fact]
    public async Task SubmitAsync_SameBytesAgain_IsTheSameJob()
    {
        Prepare();
        var (first, _) = await SubmitAsync();

        var (second, isRepeat) = await SubmitAsync();

        Assert.True(isRepeat);
        Assert.Equal(first.JobId, second.JobId);
        Assert.Single(_site.SpooledFiles);
        Assert.Equal(1L, await CountAsync($"dispatch.events where job_id = {first.JobId}"));
    }

    /// <summary>Somebody's job under such a reference would be taken for the receipt somebody is owed.</summary>
    [Theory]
    [InlineData("exemption-receipt-2026-03-10-7", true)]
    [InlineData("exemption-lifted-2026-03-10-123", true)]
    [InlineData("welcome-2026-03-10-1", true)]
    [InlineData("print-out-2026-03-10-1", true)]
    [InlineData("print-out-letters-12-00001", true)]
    [InlineData("welcome-2026", false)]
    [InlineData("my-welcome-2026-03-10-1", false)]
    public async Task SubmitAsync_ReferenceOfAnOwnLetter_IsRefusedToTheOperatorsOwnSender(
        string reference, bool isReserved)
    {
        _site.Write("job.json", IntakeSite.OrderJson(reference));
        Task<Submission> SubmitAsync(string? cvr) => JobAcceptance.SubmitAsync(
            Source, _site.Job, _site.Setting() with { ReservedFor = cvr }, "test", null, CancellationToken.None);

        var fault = await Record.ExceptionAsync(() => SubmitAsync("19552101"));

        Assert.Equal(
            isReserved ? ("reference.reserved", ExitCode.Refused) : null,
            fault is DispatchException refused ? (refused.Code, refused.Exit) : ((string, ExitCode)?)null);
        await SubmitAsync("10000009");
        await database.ExecuteAsync("delete from dispatch.chunks; delete from dispatch.jobs");
    }

    [Fact]
    public async Task SubmitAsync_OtherBytes_IsRefused()
    {
        Prepare();
        await SubmitAsync();
        _site.Write("recipients.csv", List(2));

        var fault = await Assert.ThrowsAsync<DispatchException>(() => SubmitAsync());

        Assert.Equal(("job.reference_reused", ExitCode.Refused), (fault.Code, fault.Exit));
        Assert.Single(_site.SpooledFiles);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AcceptAsync_TwoAtOnce_EndWithOneJob(bool isSame)
    {
        Prepare();
        using var one = await _site.CheckAsync();
        if (!isSame)
        {
            _site.Write("recipients.csv", List(2));
        }

        using var two = await _site.CheckAsync();
        var both = new[] { AcceptAsync(one), AcceptAsync(two) };
        var faults = await Task.WhenAll(both.Select(task => Record.ExceptionAsync(() => task)));

        Assert.Equal(1L, await CountAsync($"dispatch.jobs where reference = '{_reference}'"));
        if (isSame)
        {
            Assert.All(faults, Assert.Null);
            Assert.Equal([false, true], (await Task.WhenAll(both)).Select(submission => submission.IsRepeat).Order());
        }
        else
        {
            var fault = Assert.IsType<DispatchException>(Assert.Single(faults, thrown => thrown is not null));
            Assert.Equal("job.reference_reused", fault.Code);
        }

        one.Dispose();
        two.Dispose();
        Assert.Single(_site.SpooledFiles);
    }

    [Fact]
    public async Task AcceptAsync_SameLetterInTwoJobs_IsKeptOnce()
    {
        _site.Write("letter.md", $"# {_reference}\n\nKære {{{{name}}}}\n");
        Prepare();
        var (first, _) = await SubmitAsync();
        _site.Write("job.json", IntakeSite.OrderJson(_reference + "b"));

        var (second, _) = await SubmitAsync();

        Assert.NotEqual(first.JobId, second.JobId);
        Assert.Equal(first.TemplateId, second.TemplateId);
        Assert.NotEqual(first.ListFile, second.ListFile);
    }

    [Fact]
    public async Task RunAsync_Leftovers_AreSweptUnlessHeldOrNamed()
    {
        Prepare();
        var (job, _) = await SubmitAsync();
        File.WriteAllText(Path.Combine(_site.ListFolder, "0.part"), "x");
        File.WriteAllText(Path.Combine(_site.ListFolder, "0.list"), "x");
        _site.Write("job.json", IntakeSite.OrderJson(_reference + "b"));
        using var held = await _site.CheckAsync();

        Assert.Equal(2, await SpoolSweep.RunAsync(Source, _site.ListFolder, CancellationToken.None));

        Assert.Equal(
            new[] { job.ListFile, Path.GetFileName(held.ListPath) }.Order(),
            _site.SpooledFiles.Select(Path.GetFileName).Order());
        var accepted = await AcceptAsync(held);
        Assert.False(accepted.IsRepeat);
        held.Dispose();
        Assert.Equal(0, await SpoolSweep.RunAsync(Source, _site.ListFolder, CancellationToken.None));
        Assert.Equal(2, _site.SpooledFiles.Count());
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _site.Dispose();

    static string List(int rows)
    {
        var lines = Enumerable.Range(1, rows).Select(row => $"{IntakeSite.Cpr};{row};Anna\n");
        return $"{IntakeSite.Header}\n{string.Concat(lines)}";
    }

    void Prepare(string recipients = "") => _site.Write("job.json", IntakeSite.OrderJson(_reference, recipients));

    Task<Submission> SubmitAsync(IntakeLimits? limits = null) =>
        JobAcceptance.SubmitAsync(Source, _site.Job, _site.Setting(limits), "test", null, CancellationToken.None);

    Task<Submission> AcceptAsync(CheckedJob job) => JobAcceptance.AcceptAsync(
        Source, job, _site.Setting(), "test", CancellationToken.None);

    async Task<long> CountAsync(string from) => await database.QueryAsync<long>($"select count(*) from {from}");
}
