using Dispatch.System.Tests.Running;
using Npgsql;

namespace Dispatch.System.Tests.Faults;

/// <summary>Clocks that go wrong, memory that runs out, a disk that will not keep what the server wrote.</summary>
static class MachineFaults
{
    const string MemoryGroups = "/sys/fs/cgroup/memory";
    const int TooLittleMemory = 96 << 20;

    // That a chunk was decided before its register came, or after its job was completed, is what the times say then.
    static readonly string[] TimesInOrder = ["I-35", "I-43"];

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("F14", "a worker that is given 96 MiB of memory", TooLittleMemoryAsync),
        new("F36", "the server's next sync fails", SyncFailedAsync),
        new("F46", "the server's clock 3 h ahead, then right again",
            run => ServerClockAsync(run, "+3h", isKilled: false)) { Violates = TimesInOrder },
        new("F46", "the server's clock 3 h behind, then right again",
            run => ServerClockAsync(run, "-3h", isKilled: false)) { Violates = TimesInOrder },
        new("F46", "the server's clock 3 h ahead, all workers killed, and right again",
            run => ServerClockAsync(run, "+3h", isKilled: true)) { Violates = TimesInOrder },
        new("F92", "one worker's clock 3 h ahead, the other's behind; the first is killed", ClocksApartAsync),
        new("F92", "a worker's clock goes back by 6 h", ClockBackAsync),
        new("F94", "the nightly run with clocks 3 h ahead and 3 h behind", NightlyClocksApartAsync),
    ];

    static async Task<string> TooLittleMemoryAsync(FaultRun run)
    {
        var group = Directory.CreateDirectory($"{MemoryGroups}/dispatch-{run.Database}").FullName;
        try
        {
            await File.WriteAllTextAsync($"{group}/memory.limit_in_bytes", $"{TooLittleMemory}");
            var worker = await run.ReplaceUnderAsync(["sh", "-c", $"echo $$ >{group}/cgroup.procs; exec \"$@\"", "sh"]);
            await run.SomewhereAsync(0.3, 0.9);
            var hasEnded = worker.HasEnded;
            await run.Workers.TryKillAfterAsync(worker, TimeSpan.Zero);
            return hasEnded ? "it ended" : "it went on";
        }
        finally
        {
            await Until.TrueAsync("an empty group", FaultRun.EndLimit, () => Task.FromResult(
                File.ReadAllText($"{group}/cgroup.procs").Length == 0));
            Directory.Delete(group);
        }
    }

    // What PostgreSQL does not know to be on disk it takes from its log again: it ends itself, and starts anew.
    static async Task<string> SyncFailedAsync(FaultRun run)
    {
        await run.SomewhereAsync();
        var checkpointer = await run.CountAsync(
            "select pid from pg_stat_activity where backend_type = 'checkpointer'", "postgres");
        using var tracer = RunningCommand.Start(
            "strace",
            ["-qq", "-o", "/dev/null", "-p", $"{checkpointer}", "-e", "inject=fsync,fdatasync:error=EIO:when=1+"]);
        await Until.TrueAsync("the tracer", FaultRun.EndLimit, () => Task.FromResult(
            File.ReadLines($"/proc/{checkpointer}/status").Any(line => line == $"TracerPid:\t{tracer.ProcessId}")));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => run.World.Cluster.AdministerAsync("checkpoint"));
        await tracer.EndAsync(FaultRun.EndLimit); // with the process it traced
        await Until.TrueAsync("the server", FaultRun.EndLimit, async () => await run.CountAsync("select 1") == 1
            || (await run.World.Cluster.TryStartServerAsync()).ExitCode == 0);
        return "the server began anew";
    }

    static async Task<string> ClocksApartAsync(FaultRun run)
    {
        var (ahead, _) = await StartApartAsync(run);
        await run.SomewhereAsync(0.1, 0.5);
        await run.Workers.KillAfterAsync(ahead, TimeSpan.Zero);
        await Until.TrueAsync("the end", FaultRun.EndLimit, run.IsCompletedAsync);
        return "the one behind went on alone";
    }

    static async Task<string> ClockBackAsync(FaultRun run)
    {
        var clock = Path.Combine(run.Site.Folder, "clock");
        await File.WriteAllTextAsync(clock, "+3h\n");
        await run.Workers.KillAllAsync();
        await StartAsync(run, [$"FAKETIME_TIMESTAMP_FILE={clock}", "FAKETIME_NO_CACHE=1"]);
        await run.SomewhereAsync(0.1, 0.4);
        await File.WriteAllTextAsync(clock, "-3h\n");
        await Until.TrueAsync("the end", FaultRun.EndLimit, run.IsCompletedAsync);
        return "it went on alone";
    }

    static async Task<string> NightlyClocksApartAsync(FaultRun run)
    {
        await ClusterFaults.MakeNightlyDueAsync(run);
        await StartApartAsync(run);
        Assert.True(await run.DrainAsync());
        return await ClusterFaults.CountNightlyRunsAsync(run);
    }

    static async Task<(RunningCommand Ahead, RunningCommand Behind)> StartApartAsync(FaultRun run)
    {
        await run.Workers.KillAllAsync();
        return (await StartAsync(run, ["FAKETIME=+3h"]), await StartAsync(run, ["FAKETIME=-3h"]));
    }

    // The clock of the day alone: what is measured goes on as it is.
    static async Task<RunningCommand> StartAsync(FaultRun run, IReadOnlyList<string> clock)
    {
        run.Site.Launcher = Under(clock);
        var worker = await run.Workers.StartAsync();
        run.Site.Launcher = [];
        return worker;
    }

    static string[] Under(IReadOnlyList<string> clock)
    {
        var library = Directory.GetDirectories("/usr/lib", "*-linux-gnu")
            .Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists);
        Assert.True(library is not null, "Debian's package faketime is missing: ops/faults.sh installs it.");
        return ["env", $"LD_PRELOAD={library}", "FAKETIME_DONT_FAKE_MONOTONIC=1", .. clock];
    }

    // Leases are judged by it: they end early when it goes ahead, and those taken then end hours late.
    static async Task<string> ServerClockAsync(FaultRun run, string shift, bool isKilled)
    {
        await run.SomewhereAsync(0, 0.2);
        await RestartServerAsync(run, Under([$"FAKETIME={shift}"]));
        var ahead = await run.CountAsync("select extract(epoch from clock_timestamp())::bigint")
            - DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        await run.SomewhereAsync(0.4, 0.7);
        if (isKilled)
        {
            await run.Workers.KillAllAsync();
        }

        await RestartServerAsync(run, []);
        return $"by {ahead} s";
    }

    static async Task RestartServerAsync(FaultRun run, string[] under)
    {
        await run.World.Cluster.StopServerAsync("fast");
        await Until.TrueAsync("the server's start", FaultRun.EndLimit, async () =>
            (await run.World.Cluster.TryStartServerAsync(under)).ExitCode == 0);
    }
}
