using Dispatch.System.Tests.Running;
using Npgsql;

namespace Dispatch.System.Tests.Faults;

/// <summary>Servers that crash, sessions that end, lines that fail between a commit and its reply.</summary>
static class DatabaseFaults
{
    const int Sessions = 20;

    const string OfThisRun = "from pg_stat_activity where datname = current_database()"
        + " and backend_type = 'client backend' and pid <> pg_backend_pid() and application_name = 'dispatch'";

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("F21", "server stopped at once, started again", CrashedAsync),
        new("F22", "kill -9 of one server process", BackendKilledAsync),
        new("F23", "kill -9 of the server's head", HeadKilledAsync),
        new("F24", "sessions ended at random", run => EndSessionsAsync(run, "pg_terminate_backend")),
        new("F25", "statements cancelled at random", run => EndSessionsAsync(run, "pg_cancel_backend")),
        new("F26", "connections break after so many bytes", BrokenInMidMessageAsync),
        new("F27", "commits lost on their way", run => LostAsync(run, s => s.LoseCommits(4))),
        new("F28", "replies to commits lost", run => LostAsync(run, s => s.LoseCommitReplies(4))) { IsTelling = true },
        new("F29", "replies lost past a lease, requests pass", run => OneWayAsync(run, s => s.LoseReplies())),
        new("F29", "requests lost past a lease, then the line is cut", OneWayThenCutAsync),
        new("F30", "every reply 200 to 900 ms late", SlowAsync),
        new("F31", "the sessions that hold locks are ended, processes live", LocksLostAsync),
        new("F33", "rows locked by others, lock time-outs", LockedAsync),
        new("F34", "the server's disk full, then not", FullAsync) { OnOwnDisk = ServerPart.All },
        new("F35", "the disk of the server's log full, then not", FullAsync) { OnOwnDisk = ServerPart.Log },
        new("F40", "too few connections", ConnectionsAsync),
        new("F44", "a reader that never ends", LongReaderAsync),
    ];

    static async Task<string> CrashedAsync(FaultRun run)
    {
        await run.SomewhereAsync();
        await run.World.Cluster.StopServerAsync("immediate");
        (await run.World.Cluster.TryStartServerAsync()).Expect(0);
        return "";
    }

    static async Task<string> BackendKilledAsync(FaultRun run)
    {
        await run.SomewhereAsync();
        var pid = await run.CountAsync($"select pid {OfThisRun} order by query_start desc limit 1", "postgres");
        (await Command.RunAsync("kill", ["-9", $"{pid}"])).Expect(0);
        await Until.TrueAsync("the server", FaultRun.EndLimit, async () => await run.CountAsync("select 1") == 1);
        return "";
    }

    static async Task<string> HeadKilledAsync(FaultRun run)
    {
        await run.SomewhereAsync();
        (await Command.RunAsync("kill", ["-9", await run.World.Cluster.HeadAsync()])).Expect(0);
        await run.StartServerAsync();
        return "";
    }

    static async Task<string> EndSessionsAsync(FaultRun run, string how)
    {
        var ended = 0L;
        for (var i = 0; i < Sessions; i++)
        {
            await FaultRun.PassAsync(TimeSpan.FromMilliseconds(50 + run.Random.Next(200)));
            ended += Math.Max(0, await run.CountAsync(
                $"select count({how}(pid)) "
                + $"from (select pid {OfThisRun} order by md5(pid || '{run.Random.Next()}') limit 1) one",
                "postgres"));
        }

        return $"{ended} times";
    }

    static async Task<string> BrokenInMidMessageAsync(FaultRun run)
    {
        for (var i = 0; i < 4; i++)
        {
            await run.SomewhereAsync(0.15 * i, 0.15 * (i + 1));
            run.Line.State.BytesMax = run.Random.Next(2_000, 200_000);
            await FaultRun.PassAsync(TimeSpan.FromMilliseconds(500));
            run.Line.State.BytesMax = long.MaxValue;
        }

        return "4 times";
    }

    static async Task<string> LostAsync(FaultRun run, Action<LineState> lose)
    {
        for (var i = 0; i < 3; i++)
        {
            await run.SomewhereAsync(0.2 * i, 0.2 * (i + 1));
            lose(run.Line.State);
            await Until.TrueAsync(
                "the losses", FaultRun.EndLimit,
                async () => run.Line.State.IsSpent || await run.IsCompletedAsync());
        }

        return "12 commits";
    }

    static async Task<string> OneWayAsync(FaultRun run, Action<LineState> lose)
    {
        await run.SomewhereAsync(0, 0.4);
        lose(run.Line.State);
        await FaultRun.PassAsync(TimeSpan.FromSeconds(7));
        run.Line.State.Heal();
        return "7 s";
    }

    static async Task<string> OneWayThenCutAsync(FaultRun run)
    {
        await run.SomewhereAsync(0, 0.4);
        run.Line.State.LoseRequests();
        await FaultRun.PassAsync(TimeSpan.FromSeconds(7));
        run.Line.Cut();
        run.Line.State.Heal();
        return "7 s";
    }

    static async Task<string> SlowAsync(FaultRun run)
    {
        await run.SomewhereAsync(0, 0.4);
        run.Line.State.Delay = TimeSpan.FromMilliseconds(200 + run.Random.Next(700));
        await FaultRun.PassAsync(TimeSpan.FromSeconds(8));
        run.Line.State.Delay = TimeSpan.Zero;
        return "8 s";
    }

    static async Task<string> LocksLostAsync(FaultRun run)
    {
        var ended = 0L;
        while (!await run.IsCompletedAsync() && ended < Sessions)
        {
            ended += Math.Max(0, await run.CountAsync(
                "select count(pg_terminate_backend(pid)) from pg_locks where locktype = 'advisory' and granted",
                "postgres"));
            await FaultRun.PassAsync(TimeSpan.FromMilliseconds(run.Random.Next(400)));
        }

        return $"{ended} sessions";
    }

    static async Task<string> LockedAsync(FaultRun run)
    {
        await run.World.Cluster.AdministerAsync($"alter database {run.Database} set lock_timeout = '100ms'");
        await run.World.Cluster.AdministerAsync($"select pg_terminate_backend(pid) {OfThisRun}", run.Database);
        for (var i = 0; i < 6; i++)
        {
            await run.World.Cluster.AdministerAsync(
                "begin; select * from dispatch.chunks where state = 'open' "
                + "order by md5(chunk_no::text) limit 20 for update; "
                + "select * from dispatch.jobs for update; select pg_sleep(0.4); rollback",
                run.Database);
        }

        await run.World.Cluster.AdministerAsync($"alter database {run.Database} reset lock_timeout");
        return "6 times 400 ms";
    }

    static async Task<string> FullAsync(FaultRun run)
    {
        await run.SomewhereAsync(0, 0.4);
        run.World.Disk!.Fill();
        await Until.TrueAsync("a full disk", FaultRun.EndLimit, async () => await run.IsCompletedAsync()
            || run.LogSays("disk.full") || await run.CountAsync("select 1") != 1);
        var isUp = await run.CountAsync("select 1") == 1;
        run.World.Disk.Clear();
        await Until.TrueAsync("the server", FaultRun.EndLimit, async () => await run.CountAsync("select 1") == 1
            || (await run.World.Cluster.TryStartServerAsync()).ExitCode == 0);
        return $"{(run.LogSays("disk.full") ? "disk.full" : "")} {(isUp ? "" : "the server ended")}".Trim();
    }

    static async Task<string> ConnectionsAsync(FaultRun run)
    {
        var hogs = new List<NpgsqlConnection>();
        try
        {
            while (true)
            {
                hogs.Add(await run.Site.OpenAsync());
            }
        }
        catch (PostgresException full) when (full.SqlState == PostgresErrorCodes.TooManyConnections)
        {
            run.Line.Cut();
            await FaultRun.PassAsync(TimeSpan.FromSeconds(6));
        }

        foreach (var hog in hogs)
        {
            await hog.DisposeAsync();
        }

        return $"none free beside {hogs.Count} for 6 s";
    }

    static async Task<string> LongReaderAsync(FaultRun run)
    {
        await using var reader = await run.Site.OpenAsync();
        await using var transaction = await reader.BeginTransactionAsync(
            global::System.Data.IsolationLevel.RepeatableRead);
        await using var command = new NpgsqlCommand("select count(*) from ops.effects", reader, transaction);
        await command.ExecuteScalarAsync();
        await Until.TrueAsync("the end", FaultRun.EndLimit, run.IsCompletedAsync);
        return "open to the end";
    }
}
