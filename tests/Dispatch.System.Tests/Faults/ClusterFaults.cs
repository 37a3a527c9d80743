using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Faults;

/// <summary>Many workers, the schedule, the machine.</summary>
static class ClusterFaults
{
    // As after a night without workers: yesterday's run is due, and no other.
    const string MakeDue = """
        delete from dispatch.runs;
        insert into dispatch.runs (schedule, business_date, node, finished_at, outcome)
        values ('nightly', current_date - 5, 'none', clock_timestamp(), 'as if');
        """;

    const string Nightly = "from dispatch.runs where schedule = 'nightly' and business_date > current_date - 3";

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("F90", "all workers killed at once, three times", AllKilledAsync),
        new("F93", "the node of the nightly run frozen and woken", NightlyFrozenAsync),
        new("F95", "the scheduler's tables emptied, three times", WipedAsync),
        new("F99", "no time zones on the machine", NoZonesAsync),
    ];

    static async Task<string> AllKilledAsync(FaultRun run)
    {
        for (var i = 0; i < 3; i++)
        {
            await run.SomewhereAsync(0.2 * i, 0.2 * (i + 1));
            await run.Workers.KillAllAsync();
            await run.Workers.StartAsync();
            await run.Workers.StartAsync();
        }

        return "";
    }

    static async Task<string> WipedAsync(FaultRun run)
    {
        for (var i = 0; i < 3; i++)
        {
            await run.SomewhereAsync(0.2 * i, 0.2 * (i + 1));
            await run.World.Cluster.AdministerAsync(
                "begin; lock scheduler.qrtz_locks, scheduler.qrtz_triggers, scheduler.qrtz_job_details; "
                + "delete from scheduler.qrtz_simple_triggers; delete from scheduler.qrtz_triggers; "
                + "delete from scheduler.qrtz_job_details; delete from scheduler.qrtz_fired_triggers; "
                + "delete from scheduler.qrtz_scheduler_state; delete from scheduler.qrtz_locks; commit",
                run.Database);
        }

        return "";
    }

    static async Task<string> NightlyFrozenAsync(FaultRun run)
    {
        await MakeNightlyDueAsync(run);
        await run.Workers.KillAllAsync();
        var first = await run.Workers.StartAsync();
        await Until.TrueAsync("a nightly run", FaultRun.EndLimit, async () => await run.CountAsync(
            $"select count(*) {Nightly}", "dispatch_worker") > 0);
        await first.SignalAsync("STOP");
        await run.Workers.StartAsync();
        await run.SomewhereAsync(0.5, 0.9);
        await first.SignalAsync("CONT");
        Assert.True(await run.DrainAsync());
        return await CountNightlyRunsAsync(run);
    }

    public static Task MakeNightlyDueAsync(FaultRun run) => run.World.Cluster.AdministerAsync(MakeDue, run.Database);

    /// <summary>Waits for the end of the one there is to be.</summary>
    public static async Task<string> CountNightlyRunsAsync(FaultRun run)
    {
        await Until.TrueAsync("its end", FaultRun.EndLimit, async () => await run.CountAsync(
            $"select count(*) {Nightly} and finished_at is not null", "dispatch_worker") > 0);
        var runs = await run.CountAsync(
            "select count(*) from dispatch.events where action = 'nightly'", "dispatch_worker");
        Assert.Equal(1, runs);
        return "runs with effect: 1";
    }

    static async Task<string> NoZonesAsync(FaultRun run)
    {
        var none = Directory.CreateDirectory(Path.Combine(run.Site.Folder, "no-zones")).FullName;
        run.Site.Launcher = ["env", $"TZDIR={none}"];
        using var refused = await run.Site.StartAsync("worker");
        run.Site.Launcher = [];
        var ended = await refused.EndAsync(FaultRun.EndLimit);
        ended.ExpectError(78, "time_zone.missing");
        return $"exit {ended.ExitCode}, {ended.ErrorCode}";
    }
}
