using Dispatch.Worker.Reporting;
using Dispatch.Worker.Scheduling;
using Dispatch.Worker.Tests.Dispatching;
using Dispatch.Worker.Tests.Reporting;

namespace Dispatch.Worker.Tests.Scheduling;

/// <summary>What is to be done is found in our own tables; the nightly run has its key there.</summary>
public sealed class SchedulingTests : IAsyncLifetime
{
    readonly TestDatabase _database = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task DailyRuns_StartedTwiceAndAgain_RunsOnceADate()
    {
        var runs = new DailyRuns(_database.DataSource, WorkKind.Nightly, "01:30");
        Assert.Null(await runs.FindDueAsync(default));   // nothing to make up for before the first worker
        await _database.ExecuteAsync("update dispatch.runs set business_date = business_date - 3");

        var due = (await runs.FindDueAsync(default))!.Value;   // three nights were missed: one run
        Assert.True(await runs.BeginAsync(due, "a", default));
        Assert.True(await runs.BeginAsync(due, "b", default));   // a was killed
        Assert.Equal(due, await runs.FindDueAsync(default));
        await runs.EndAsync(due, "good", hasFailed: false, default);
        await runs.EndAsync(due, "late", hasFailed: false, default);   // a was frozen only

        Assert.Null(await runs.FindDueAsync(default));
        Assert.False(await runs.BeginAsync(due, "c", default));
        Assert.Equal(
            "good", await _database.QueryAsync<string>("select outcome from dispatch.runs where node <> 'none'"));
        Assert.Equal(2L, await _database.QueryAsync<long>("select count(*) from dispatch.runs"));
    }

    [Fact]
    public async Task ListFailedAsync_RunThatFailed_IsToldUntilOneThatDidNot()
    {
        var runs = new DailyRuns(_database.DataSource, WorkKind.Nightly, "01:30");
        Assert.Null(await runs.FindDueAsync(default));
        await _database.ExecuteAsync("update dispatch.runs set business_date = business_date - 2");
        var due = (await runs.FindDueAsync(default))!.Value;
        await runs.BeginAsync(due.AddDays(-1), "a", default);
        await runs.EndAsync(due.AddDays(-1), "audit violated: I-05", hasFailed: true, default);
        Assert.Equal(
            [$"nightly of {due.AddDays(-1):yyyy-MM-dd}: audit violated: I-05"],
            await DailyRuns.ListFailedAsync(_database.DataSource, default));

        await runs.BeginAsync(due, "a", default); // and has not ended
        Assert.Single(await DailyRuns.ListFailedAsync(_database.DataSource, default));
        await runs.EndAsync(due, "good", hasFailed: false, default);
        Assert.Empty(await DailyRuns.ListFailedAsync(_database.DataSource, default));
    }

    [Fact]
    public async Task DailyRuns_SeveralSchedules_EachHasItsOwn()
    {
        var nightly = new DailyRuns(_database.DataSource, WorkKind.Nightly, "00:00");
        var deadlines = new DailyRuns(_database.DataSource, WorkKind.Deadlines, "00:00");
        Assert.Null(await nightly.FindDueAsync(default));
        Assert.Null(await deadlines.FindDueAsync(default));
        await _database.ExecuteAsync("update dispatch.runs set business_date = business_date - 1");

        var due = (await nightly.FindDueAsync(default))!.Value;
        Assert.True(await nightly.BeginAsync(due, "a", default));
        await nightly.EndAsync(due, "good", hasFailed: false, default);

        Assert.Null(await nightly.FindDueAsync(default));
        Assert.Equal(due, await deadlines.FindDueAsync(default));
        Assert.Equal(["deadlines-0-0", "nightly-0-0"], new[] { deadlines.Work.Name, nightly.Work.Name });
    }

    [Theory]
    [InlineData("WAITING", false)] // for a free place
    [InlineData("ACQUIRED", true)]
    [InlineData("ERROR", true)] // a node that does not know its type
    [InlineData("WAITING", true, "recover_a_1")] // until the hour it is at another node
    public async Task IsStartedAsync_RunOfASchedule_IsWhatDoesNotWait(string state, bool expected, string trigger = "")
    {
        var run = new DailyRuns(_database.DataSource, WorkKind.Nightly, "01:30").Work;
        Assert.False(await OpenWork.IsStartedAsync(_database.DataSource, run, default));
        await _database.ExecuteAsync($"""
            insert into scheduler.qrtz_job_details (sched_name, job_name, job_group, job_class_name, is_durable,
                is_nonconcurrent, is_update_data, requests_recovery)
            values ('dispatch', '{run.Name}', 'DEFAULT', 'x', false, false, false, true);
            insert into scheduler.qrtz_triggers (sched_name, trigger_name, trigger_group, job_name, job_group,
                trigger_state, trigger_type, start_time)
            values ('dispatch', '{(trigger.Length > 0 ? trigger : run.Name)}', 'DEFAULT', '{run.Name}', 'DEFAULT',
                '{state}', 'SIMPLE', 0)
            """);

        Assert.Equal(expected, await OpenWork.IsStartedAsync(_database.DataSource, run, default));
    }

    // Twenty nights on which the clocks are changed, each with the night before and after; two nodes look every half
    // hour, and one of them dies in the first run it begins.
    [Fact]
    public async Task DailyRuns_ClocksAreChanged_RunOnceForEachDate()
    {
        var runs = new DailyRuns(_database.DataSource, WorkKind.Nightly, "01:30");
        foreach (var (year, month) in Enumerable.Range(2024, 10).SelectMany(year => new[] { (year, 3), (year, 10) }))
        {
            await _database.ExecuteAsync("delete from dispatch.runs");
            var last = new DateOnly(year, month, 31);
            var change = new DateTimeOffset(last.AddDays(-(int)last.DayOfWeek), TimeOnly.MinValue, TimeSpan.Zero);
            var made = new List<DateOnly>();
            for (var now = change.AddHours(-36); now < change.AddHours(36); now = now.AddMinutes(30))
            {
                for (var node = 0; node < 2; node++)
                {
                    if (await runs.FindDueAsync(now, default) is { } due
                        && await runs.BeginAsync(due, $"{node}", default)
                        && (made.Count > 0 || node > 0))
                    {
                        await runs.EndAsync(due, "good", hasFailed: false, default);
                        made.Add(due);
                    }
                }
            }

            var changed = DateOnly.FromDateTime(change.Date);
            Assert.Equal([changed.AddDays(-1), changed, changed.AddDays(1)], made);
        }
    }

    [Fact]
    public async Task OpenWork_StartedAndNobodyAtIt_IsFoundAndStuckAfterAWhile()
    {
        var jobId = await new LedgerSeed(_database.Owner).AddCompletedJobAsync();
        await _database.ExecuteAsync($"""
            update dispatch.jobs set state = 'running' where job_id = {jobId};
            update dispatch.chunks set state = 'open';
            insert into dispatch.shards (job_id, shard_no, first_chunk, last_chunk) values ({jobId}, 0, 0, 2);
            insert into scheduler.qrtz_job_details (sched_name, job_name, job_group, job_class_name, is_durable,
                is_nonconcurrent, is_update_data, requests_recovery)
            values ('dispatch', 'shard-{jobId}-0', 'DEFAULT', 'x', false, false, false, true);
            insert into scheduler.qrtz_triggers (sched_name, trigger_name, trigger_group, job_name, job_group,
                trigger_state, trigger_type, start_time)
            values ('dispatch', 'shard-{jobId}-0', 'DEFAULT', 'shard-{jobId}-0', 'DEFAULT', 'WAITING', 'SIMPLE', 0);
            """);
        Assert.Empty(await NamesAsync());
        Assert.Empty(await OpenWork.ReadStartedAsync(_database.DataSource, default));   // it waits for a free place

        await _database.ExecuteAsync("update scheduler.qrtz_triggers set trigger_state = 'ACQUIRED'");
        var started = await OpenWork.ReadStartedAsync(_database.DataSource, default);
        Assert.Equal([$"shard-{jobId}-0"], started.Select(work => work.Name));
        await _database.ExecuteAsync(
            "update dispatch.shards set holder = 'a', lease_until = now() + interval '1 min'");
        Assert.Empty(await OpenWork.ReadStartedAsync(_database.DataSource, default));   // somebody is at it

        var stuck = new Standstill<Work>(TimeProvider.System, TimeSpan.Zero);
        Assert.Empty(stuck.Find(started));
        Assert.Empty(stuck.Find([]));
        Assert.Empty(stuck.Find(started));
        Assert.Equal(started, stuck.Find(started));
        var patient = new Standstill<Work>(TimeProvider.System, TimeSpan.FromHours(1));
        Assert.Empty(patient.Find(started));
        Assert.Empty(patient.Find(started));
    }

    [Fact]
    public async Task OpenWork_JobOfTwoShards_IsWhatNobodyHasOrWaitsFor()
    {
        var jobId = (await ShardedJob.AddAsync(_database)).JobId;
        Assert.Equal([$"shard-{jobId}-0", $"shard-{jobId}-1"], await NamesAsync());

        await _database.ExecuteAsync(
            "update dispatch.shards set holder = 'a', lease_until = now() + interval '1 min' where shard_no = 0");
        Assert.Equal([$"shard-{jobId}-1"], await NamesAsync());
        await _database.ExecuteAsync(
            "update dispatch.shards set lease_until = now() - interval '1 s' where shard_no = 0");
        Assert.Equal([$"shard-{jobId}-0", $"shard-{jobId}-1"], await NamesAsync());

        await _database.ExecuteAsync("update dispatch.chunks set state = 'done' where chunk_no = 2");
        Assert.Equal([$"shard-{jobId}-0"], await NamesAsync());
        await _database.ExecuteAsync("update dispatch.jobs set state = 'paused'");
        Assert.Equal([], await NamesAsync());
        await _database.ExecuteAsync(
            "update dispatch.jobs set state = 'running'; update dispatch.chunks set state = 'done'");
        Assert.Equal([$"finish-{jobId}-0"], await NamesAsync());

        await Setbacks.NoteAsync(_database.DataSource, jobId, "spool.missing", isPassing: false, default);
        Assert.Equal([], await NamesAsync());
        await _database.ExecuteAsync(
            "update dispatch.setbacks set at = at + interval '3 hours', retry_at = retry_at + interval '3 hours'");
        Assert.Equal([$"finish-{jobId}-0"], await NamesAsync()); // the server's clock was set back
        await Setbacks.ClearAsync(_database.DataSource, jobId, default);
        Assert.Equal([$"finish-{jobId}-0"], await NamesAsync());
    }

    [Fact]
    public async Task Setbacks_OneAfterTheOther_WaitLongerToALimit()
    {
        var jobId = await new LedgerSeed(_database.Owner).AddCompletedJobAsync();
        var waits = new List<double>();
        for (var i = 0; i < 12; i++)
        {
            await Setbacks.NoteAsync(_database.DataSource, jobId, "spool.missing", isPassing: false, default);

            // The clock is read for each of the two.
            waits.Add(await _database.QueryAsync<double>(
                "select round(extract(epoch from retry_at - at), 3)::float8 from dispatch.setbacks"));
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300], waits);
    }

    [Fact]
    public async Task Setbacks_UntilATime_IsStartedThenAndNoLaterThanInTwoDays()
    {
        var jobId = await new LedgerSeed(_database.Owner).AddCompletedJobAsync();
        await _database.ExecuteAsync("update dispatch.jobs set state = 'handing_off', completed_at = null");
        foreach (var (at, expected) in new[] { ("1 hour", 3_600), ("-1 s", -1), ("1000 days", 2 * 86_400) })
        {
            var until = await _database.QueryAsync<DateTime>($"select clock_timestamp() + interval '{at}'");
            await Setbacks.NoteUntilAsync(_database.DataSource, jobId, "handoff.closed", until, default);

            Assert.Equal(expected < 0 ? [$"finish-{jobId}-0"] : [], await NamesAsync());
            Assert.InRange(
                await _database.QueryAsync<double>(
                    "select extract(epoch from retry_at - at)::float8 from dispatch.setbacks"),
                expected - 30, expected + 1);
        }

        var status = await JobStatus.FindAsync(_database.DataSource, jobId, default);
        Assert.Equal("its print house to take files again", status.WaitsFor);
    }

    [Fact]
    public void KnownTypes_NameOfAnotherType_IsNotLoaded()
    {
        Assert.Equal(typeof(ShardJob), new KnownTypes().LoadType(typeof(ShardJob).AssemblyQualifiedName));
        Assert.Null(new KnownTypes().LoadType(typeof(FileInfo).AssemblyQualifiedName));
    }

    async Task<List<string>> NamesAsync() =>
        [.. (await OpenWork.ReadAsync(_database.DataSource, default)).Select(work => work.Name)];
}
