using Dispatch.Routing;
using Dispatch.Worker.Intake;

namespace Dispatch.Worker.Tests.Keys;

public sealed class JobForgettingTests : IAsyncLifetime
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    KeySite _site = null!;
    int _job;

    public async Task InitializeAsync()
    {
        _site = await KeySite.CreateAsync();
        _job = (await _site.SubmitAsync()).JobId;
        await SetStateAsync("completed");
    }

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task ConfirmAsync_TokenOfTheFirstCall_DestroysKeyAndFiles()
    {
        var other = (await _site.SubmitAsync()).JobId;
        var (kept, gone) = await WritePrintFilesAsync();

        var asked = await _site.Forgetting.AskAsync(_job, default);
        Assert.All(gone, file => Assert.True(File.Exists(file)));
        Assert.Null((await _site.LoadAsync(_job)).ForgottenAt);
        var done = await _site.Forgetting.ConfirmAsync(_job, asked.Token!, Limit, default);

        Assert.Equal((4, 0), (asked.Loss.Files, done.Loss.Files));
        var job = await _site.LoadAsync(_job);
        Assert.Null(job.DataKey);
        Assert.Equal("anna", job.ForgottenBy);
        Assert.All(gone, file => Assert.False(File.Exists(file)));
        Assert.True(File.Exists(kept));
        Assert.NotEmpty(await _site.ReadListAsync(other));
        Assert.Single(Directory.GetFiles(_site.ListFolder));
        Assert.Equal("key.forgotten", (await ThrowsAsync(() => _site.ReadListAsync(_job))).Code);
        Assert.Equal(["key_taken", "key_forget_ask", "key_forget"], await _site.EventsAsync());
    }

    /// <summary>A print-out holds the same letters once more.</summary>
    [Fact]
    public async Task ConfirmAsync_JobWithAPrintOut_ForgetsThatToo()
    {
        var (printOut, other) = ((await _site.SubmitAsync()).JobId, (await _site.SubmitAsync()).JobId);
        await _site.Database.ExecuteAsync(
            $"""
            update dispatch.jobs set state = 'running', print_of = {_job} where job_id = {printOut};
            insert into dispatch.pieces values ({printOut}, 1, 1, 203, 0, 1, 'DK', '', 2, 1, '')
            """);
        var fault = await ThrowsAsync(() => _site.Forgetting.AskAsync(_job, default));
        Assert.Equal(("job.unfinished", true), (fault.Code, fault.Message.Contains($"job {printOut} is a print-out")));

        await _site.Database.ExecuteAsync($"update dispatch.jobs set state = 'completed' where job_id = {printOut}");
        var asked = await _site.Forgetting.AskAsync(_job, default);
        await _site.Forgetting.ConfirmAsync(_job, asked.Token!, Limit, default);

        Assert.Equal(1, asked.Loss.Printed);
        Assert.Equal(
            $"{_job} {printOut}",
            await _site.Database.QueryAsync<string>(
                "select string_agg(job_id::text, ' ' order by job_id) from dispatch.jobs where data_key is null"));
        Assert.Equal(
            $"{_job} {printOut}",
            await _site.Database.QueryAsync<string>(
                "select string_agg(job_id::text, ' ' order by job_id) from dispatch.events where action = 'key_forget'"));
        Assert.Single(Directory.GetFiles(_site.ListFolder));
        Assert.NotEmpty(await _site.ReadListAsync(other));

        // Submitted from what was read before: nothing of it is sealed under another key.
        var original = await _site.LoadAsync(_job);
        Assert.Equal("key.forgotten", (await ThrowsAsync(() => _site.SubmitAsync(printOf: original))).Code);
    }

    /// <summary>A print-out that an older version left behind when the job was forgotten.</summary>
    [Fact]
    public async Task ConfirmAsync_ForgottenJobWithAPrintOut_ForgetsIt()
    {
        await ForgetAsync();
        var printOut = (await _site.SubmitAsync()).JobId;
        await _site.Database.ExecuteAsync(
            $"update dispatch.jobs set state = 'completed', print_of = {_job} where job_id = {printOut}");

        await ForgetAsync();

        Assert.NotNull((await _site.LoadAsync(printOut)).ForgottenAt);
    }

    /// <summary>What a backup, the write-ahead log or a page's free space still has of a data key opens nothing once the
    /// keys were rotated and the old one is gone.</summary>
    [Fact]
    public async Task ConfirmAsync_ThenKeysRotatedAndTheOldOneDestroyed_LeavesNoKeyThatOpensACopy()
    {
        var (copy, other) = (await _site.LoadAsync(_job), (await _site.SubmitAsync()).JobId);
        await ForgetAsync();
        using (await (await _site.OpenRingAsync()).UnwrapAsync(copy.DataKey!, copy.KeyId!, default))
        {
            // Until then it does.
        }

        var rotated = await _site.RotateAsync();
        File.Delete(rotated.Old[0].File!);

        var ring = await _site.OpenRingAsync();
        Assert.Equal("key.wrong", (await ThrowsAsync(() => ring.UnwrapAsync(copy.DataKey!, copy.KeyId!, default))).Code);
        Assert.Equal(
            "key.wrong", (await ThrowsAsync(() => ring.UnwrapAsync(copy.DataKey!, ring.FirstKeyId, default))).Code);
        Assert.NotEmpty(await _site.ReadListAsync(other));
    }

    [Fact]
    public async Task AskAsync_JobThatIsForgotten_SaysSoAndNotesNothing()
    {
        await ForgetAsync();

        var again = await _site.Forgetting.AskAsync(_job, default);
        var confirmed = await _site.Forgetting.ConfirmAsync(_job, "whatever", Limit, default);

        Assert.Null(again.Token);
        Assert.NotNull(again.Loss.ForgottenAt);
        Assert.Equal(again.Loss.ForgottenAt, confirmed.Loss.ForgottenAt);
        Assert.Equal(["key_taken", "key_forget_ask", "key_forget"], await _site.EventsAsync());
    }

    /// <summary>Killed between the key and the files: repeating it removes them, and so does the next sweep.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ConfirmAsync_KilledBeforeTheFilesWereRemoved_IsFinishedLater(bool bySweep)
    {
        var list = Path.Combine(_site.ListFolder, (await _site.LoadAsync(_job)).ListFile);
        var kept = await File.ReadAllBytesAsync(list);
        await ForgetAsync();
        await File.WriteAllBytesAsync(list, kept);

        if (bySweep)
        {
            await SpoolSweep.RunAsync(_site.Database.DataSource, _site.ListFolder, default);
        }
        else
        {
            await _site.Forgetting.ConfirmAsync(_job, "", Limit, default);
        }

        Assert.False(File.Exists(list));
    }

    [Theory]
    [InlineData("checked")]
    [InlineData("running")]
    [InlineData("handing_off")]
    [InlineData("held")]
    public async Task AskAsync_JobThatIsNotOver_IsRefused(string state)
    {
        await SetStateAsync(state);

        Assert.Equal("job.unfinished", (await ThrowsAsync(() => _site.Forgetting.AskAsync(_job, default))).Code);
        Assert.Equal(
            "job.unfinished", (await ThrowsAsync(() => _site.Forgetting.ConfirmAsync(_job, "", Limit, default))).Code);
    }

    [Fact]
    public async Task ConfirmAsync_TokenThatIsNotGood_LosesNothing()
    {
        var first = (await _site.Forgetting.AskAsync(_job, default)).Token!;
        var second = (await _site.Forgetting.AskAsync(_job, default)).Token!;
        Assert.NotEqual(first, second);

        await RefusedAsync(first);
        await RefusedAsync("");
        await _site.Database.ExecuteAsync("update dispatch.forget_requests set at = at - interval '15 minutes'");
        await RefusedAsync(second);

        Assert.NotEmpty(await _site.ReadListAsync(_job));
    }

    [Fact]
    public async Task ConfirmAsync_TokenOfAnotherJob_LosesNothing()
    {
        var other = (await _site.SubmitAsync()).JobId;
        await _site.Database.ExecuteAsync("update dispatch.jobs set state = 'cancelled'");
        var token = (await _site.Forgetting.AskAsync(other, default)).Token!;

        await RefusedAsync(token);
    }

    /// <summary>There are jobs, but nothing is wrapped: a lost key file is no loss any more.</summary>
    [Fact]
    public async Task OpenRingAsync_AllJobsForgotten_MayMakeANewKey()
    {
        await ForgetAsync();
        File.Delete(_site.KeyFile);

        var ring = await _site.OpenRingAsync();

        Assert.True(File.Exists(_site.KeyFile));
        Assert.Equal(ring.FirstKeyId, (await _site.SubmitAsync()).KeyId);
    }

    async Task ForgetAsync()
    {
        var asked = await _site.Forgetting.AskAsync(_job, default);
        await _site.Forgetting.ConfirmAsync(_job, asked.Token!, Limit, default);
    }

    async Task RefusedAsync(string token)
    {
        var fault = await ThrowsAsync(() => _site.Forgetting.ConfirmAsync(_job, token, Limit, default));
        Assert.Equal(("key.token", ExitCode.Usage), (fault.Code, fault.Exit));
        Assert.NotNull((await _site.LoadAsync(_job)).DataKey);
    }

    static Task<DispatchException> ThrowsAsync(Func<Task> act) => Assert.ThrowsAsync<DispatchException>(act);

    Task SetStateAsync(string state) =>
        _site.Database.ExecuteAsync($"update dispatch.jobs set state = '{state}' where job_id = {_job}");

    async Task<(string Kept, string[] Gone)> WritePrintFilesAsync()
    {
        await _site.Database.ExecuteAsync($"""
            insert into dispatch.batches (job_id, class, number, attempt, name, print_house, envelope, postage, duplex, colour,
                pieces, pages, sheets, state, created_at)
            select {_job}, 'c', n, 1, 'batch-' || n, 'default', '', '', true, true, 1, 1, 1, 'planned', now()
            from generate_series(1, 2) n
            """);
        var staging = Path.Combine(_site.Data.Spool, "print");
        Directory.CreateDirectory(staging);
        var outbox = _site.Data.PrintHouse("default");
        var kept = Path.Combine(outbox, "batch-10.pdf");
        string[] gone =
        [
            Path.Combine(outbox, "batch-1.pdf"), Path.Combine(outbox, "batch-1.ticket.json"),
            Path.Combine(staging, "batch-2.manifest.csv"), Path.Combine(staging, "batch-2.pdf.part"),
        ];
        foreach (var file in gone.Append(kept))
        {
            await File.WriteAllTextAsync(file, "x");
        }

        return (kept, gone);
    }
}
