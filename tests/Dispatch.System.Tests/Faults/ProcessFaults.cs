using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Faults;

/// <summary>Workers that are killed, frozen, stopped, slowed down.</summary>
static class ProcessFaults
{
    const int DelayMsMax = 800;
    const int KillsAtStart = 5;
    const int FreezesMax = 200;

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("F01", "submission killed at a random moment, made again", SubmissionKilledAsync) { IsAtIntake = true },
        new("F05", "all workers killed when a chunk's commit is on its way",
            run => KilledAtCommitAsync(run, hasReached: false)),
        new("F06", "all workers killed after a chunk's commit, before its reply",
            run => KilledAtCommitAsync(run, hasReached: true)),
        new("F08", "SIGTERM under load", TermAsync),
        new("F09", "SIGTERM, SIGKILL 200 ms later", TermThenKillAsync),
        new("F10", "worker frozen past its lease, then woken", run => FrozenAsync(run, all: false)),
        new("F12", "all workers frozen past their leases, then woken", run => FrozenAsync(run, all: true)),
        new("F16", "workers killed five times while they start", KilledAtStartAsync),
        new("F19", "a worker slowed down: every futex call 2 ms late", SlowedAsync),
        new("F20", "killed while it logs and commits, eight times", KilledOftenAsync),
    ];

    static async Task<string> SubmissionKilledAsync(FaultRun run)
    {
        var killed = 0;
        for (var i = 0; i < 3; i++)
        {
            using var submission = await run.Site.StartAsync(
                "submit", run.World.Job, "--set", "Dispatching:ChunkRows=100");
            killed += await submission.KillAfterAsync(TimeSpan.FromMilliseconds(run.Random.Next(DelayMsMax))) ? 1 : 0;
            Assert.InRange(await run.CountAsync("select count(*) from ops.jobs"), 0, 1);
        }

        (await run.SubmitAsync()).Expect(0);
        Assert.Equal(1, await run.CountAsync("select count(*) from ops.jobs"));
        return $"killed {killed}, jobs 1";
    }

    static async Task<string> KilledAtCommitAsync(FaultRun run, bool hasReached)
    {
        for (var i = 0; i < 2; i++)
        {
            await run.SomewhereAsync(0.3 * i, 0.3 * (i + 1));
            var held = run.Line.State.HoldCommit(hasReached);
            await Until.TrueAsync(
                "a commit", FaultRun.EndLimit, async () => held.IsCompleted || await run.IsCompletedAsync());
            await run.Workers.KillAllAsync();
            run.Line.Cut();
            await run.Workers.StartAsync();
            await run.Workers.StartAsync();
        }

        return "2 times";
    }

    static async Task<string> TermAsync(FaultRun run)
    {
        await run.SomewhereAsync();
        await run.Workers.StopAsync(run.Workers.Running[0]);
        await run.Workers.StartAsync();
        return "ended with 0 in time";
    }

    static async Task<string> TermThenKillAsync(FaultRun run)
    {
        await run.SomewhereAsync();
        var worker = run.Workers.Running[0];
        await worker.SignalAsync("TERM");
        var wasKilled = await run.Workers.TryKillAfterAsync(worker, TimeSpan.FromMilliseconds(200));
        await run.Workers.StartAsync();
        return wasKilled ? "killed in its drain" : "had drained before";
    }

    static async Task<string> FrozenAsync(FaultRun run, bool all)
    {
        await run.SomewhereAsync(0, 0.3);
        var frozen = run.Workers.Running.Take(all ? 2 : 1).ToList();
        await FreezeInAWriteAsync(run, frozen);
        if (all)
        {
            await run.Workers.StartAsync();
        }

        var seen = await DecidedByOthersAsync(run);
        await SignalAsync(frozen, "CONT");
        return seen;
    }

    // At the worst moment: rows of a chunk are written and not committed.
    static async Task FreezeInAWriteAsync(FaultRun run, IReadOnlyList<RunningCommand> workers)
    {
        const string Writing = """
            select count(*) from pg_stat_activity a
            where a.datname = current_database() and a.wait_event_type = 'Client' and a.xact_start is not null
              and exists (select from pg_locks l where l.pid = a.pid and l.mode = 'RowExclusiveLock'
                          and l.relation::regclass::text like 'mailbox.letters%')
            """;
        for (var i = 0; i < FreezesMax; i++)
        {
            await SignalAsync(workers, "STOP");
            await FaultRun.PassAsync(TimeSpan.FromMilliseconds(100)); // what was on its way arrives
            if (await run.CountAsync(Writing, "postgres") > 0 || await AllDecidedAsync(run))
            {
                return;
            }

            await SignalAsync(workers, "CONT");
            await FaultRun.PassAsync(TimeSpan.FromMilliseconds(run.Random.Next(100)));
        }
    }

    static async Task SignalAsync(IReadOnlyList<RunningCommand> workers, string signal)
    {
        foreach (var worker in workers)
        {
            await worker.SignalAsync(signal);
        }
    }

    // Whatever the frozen ones had in a transaction, the others get on: with every row, before anybody is woken.
    static async Task<string> DecidedByOthersAsync(FaultRun run)
    {
        var before = await run.CountAsync("select count(*) from ops.effects");
        try
        {
            await Until.TrueAsync("the others", FaultRun.EndLimit, () => AllDecidedAsync(run));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException("the others stood still." + await FaultTrial.StandstillAsync(run));
        }

        var ended = run.LogSays("sessions ended for it") ? ", after a frozen one's session was ended" : "";
        return $"others decided {run.Rows - before} of {run.Rows} rows meanwhile{ended}";
    }

    static async Task<bool> AllDecidedAsync(FaultRun run) =>
        await run.CountAsync("select count(*) from ops.effects") >= run.Rows;

    static async Task<string> KilledAtStartAsync(FaultRun run)
    {
        await run.Workers.KillAllAsync();
        for (var i = 0; i < KillsAtStart; i++)
        {
            var worker = await run.Workers.StartAsync();
            await run.Workers.TryKillAfterAsync(worker, TimeSpan.FromMilliseconds(run.Random.Next(DelayMsMax)));
        }

        return $"killed {KillsAtStart}";
    }

    static async Task<string> SlowedAsync(FaultRun run)
    {
        await run.ReplaceUnderAsync(Strace.Under("futex", "delay_enter=2000"));
        return "slower only";
    }

    static async Task<string> KilledOftenAsync(FaultRun run)
    {
        for (var i = 0; i < 8; i++)
        {
            await run.SomewhereAsync(0.1 * i, 0.1 * (i + 1));
            await run.ReplaceAsync(run.Workers.Running[run.Random.Next(run.Workers.Running.Count)]);
        }

        return "trail whole by the audit";
    }
}
