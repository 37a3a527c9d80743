using Dispatch.Routing;
using Npgsql;

namespace Dispatch.Worker.Tests.Keys;

/// <summary>A job is forgotten, or letters of it are recalled, while a print-out of it is being submitted.</summary>
public sealed class PrintOutRaceTests : IAsyncLifetime
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    KeySite _site = null!;
    int _job;

    public async Task InitializeAsync()
    {
        _site = await KeySite.CreateAsync();
        _job = (await _site.SubmitAsync()).JobId;
        await _site.Database.ExecuteAsync("update dispatch.jobs set state = 'completed'");
    }

    public async Task DisposeAsync() => await _site.DisposeAsync();

    /// <summary>It was first: whoever forgets the original waits for it, and then finds it.</summary>
    [Fact]
    public async Task ConfirmAsync_PrintOutBeingSubmitted_IsRefusedAndLosesNothing()
    {
        var asked = await _site.Forgetting.AskAsync(_job, default);
        var original = await _site.LoadAsync(_job);
        await using var trail = await _site.Database.Owner.OpenConnectionAsync();
        await using var held = await trail.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("select from dispatch.trail_head for update", trail))
        {
            await hold.ExecuteNonQueryAsync();
        }

        var submit = _site.SubmitAsync(printOf: original);
        await WaitersAsync(1);
        var forget = _site.Forgetting.ConfirmAsync(_job, asked.Token!, Limit, default);
        await WaitersAsync(2);
        await held.RollbackAsync();

        var printOut = await submit;
        var fault = await Assert.ThrowsAsync<DispatchException>(() => forget);
        Assert.Equal(
            ("job.unfinished", true), (fault.Code, fault.Message.Contains($"job {printOut.JobId} is a print-out")));
        Assert.NotEmpty(await _site.ReadListAsync(_job));
        Assert.NotEmpty(await _site.ReadListAsync(printOut.JobId));

        // The token is as good as it was.
        await _site.Database.ExecuteAsync("update dispatch.jobs set state = 'completed'");
        var done = await _site.Forgetting.ConfirmAsync(_job, asked.Token!, Limit, default);
        Assert.NotNull(done.Loss.ForgottenAt);
        Assert.NotNull((await _site.LoadAsync(printOut.JobId)).ForgottenAt);
        Assert.Empty(Directory.GetFiles(_site.ListFolder));
    }

    /// <summary>Recalled after the print-out was made and before it is accepted: its letters are not printed.</summary>
    [Fact]
    public async Task SubmitAsync_PrintOutOfWhatIsRecalledMeanwhile_IsRefusedUntilItIsMadeWithoutThat()
    {
        var original = await _site.LoadAsync(_job);
        await _site.Database.ExecuteAsync(
            $"""
            insert into register.own_letters (kind, cpr, made_on) values ('print-out', 1, '2026-05-01');
            insert into register.print_outs (letter_no, letter_job, letter_row, reference, row_no)
            values (1, {_job}, 1, 'job-1', 1), (1, {_job}, 2, 'job-1', 2)
            """);
        await using var keys = await _site.Database.Owner.OpenConnectionAsync();
        await using var held = await keys.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("select from dispatch.keys for update", keys))
        {
            await hold.ExecuteNonQueryAsync();
        }

        var submit = _site.SubmitAsync(printOf: original);
        await WaitersAsync(1);
        await _site.Database.ExecuteAsync(
            $"insert into mailbox.recalls (job_id, first_row, last_row) values ({_job}, 2, 5)");
        await held.RollbackAsync();

        var fault = await Assert.ThrowsAsync<DispatchException>(() => submit);
        Assert.Equal(("letter.recalled", true), (fault.Code, fault.IsTransient));
        Assert.Equal(1L, await _site.Database.QueryAsync<long>("select count(*) from dispatch.jobs"));
        await _site.Database.ExecuteAsync(
            """
            update register.print_outs set fault = 'letter.recalled', row_no = null where letter_row = 2;
            update register.print_outs set reference = 'job-2'
            """);
        Assert.Equal(_job, (await _site.SubmitAsync(printOf: original)).PrintOf);
    }

    async Task WaitersAsync(int count)
    {
        while (await _site.Database.QueryAsync<long>(
            "select count(distinct pid) from pg_locks where not granted and pid in ("
            + "select pid from pg_stat_activity where datname = current_database())") < count)
        {
            await Task.Yield();
        }
    }
}
