using System.Globalization;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Faults;

/// <summary>F18: one stage of a worker stands still for a minute: the server's process that takes its rows is frozen
/// between two messages.</summary>
static class BlockedFaults
{
    const int Seconds = 60;
    const int SettledAfter = 15;
    const int GrowthMiBMax = 64;
    const int AttemptsMax = 400;

    // Rows of a chunk are written, and it waits for more: it holds no lock of the server's own memory.
    const string Writing = """
        select a.pid from pg_stat_activity a
        where a.datname = current_database() and a.wait_event = 'ClientRead' and a.xact_start is not null
          and exists (select from pg_locks l where l.pid = a.pid and l.mode = 'RowExclusiveLock'
                      and l.relation::regclass::text like 'mailbox.letters%')
        """;

    const string Heard =
        "select count(*) from dispatch.nodes where seen_at > clock_timestamp() - interval '8 s' and gate = ''";

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("F18", "the server process that takes a chunk's rows frozen for 60 s", StrikeAsync),
    ];

    static async Task<string> StrikeAsync(FaultRun run)
    {
        var pid = await FreezeAsync(run);
        var (first, last) = (0L, 0L);
        try
        {
            for (var second = 0; second < Seconds; second++)
            {
                await FaultRun.PassAsync(TimeSpan.FromSeconds(1));
                Assert.Equal(2, await run.CountAsync(Heard, "dispatch_worker"));
                last = ResidentMiB(run);
                first = second == SettledAfter ? last : first;
            }
        }
        finally
        {
            await SignalAsync(pid, "CONT");
        }

        Assert.InRange(last, 0, first + GrowthMiBMax);
        var decided = await run.CountAsync("select count(*) from ops.effects");
        return $"both workers heard of all the time; {first} MiB after {SettledAfter} s, {last} after {Seconds}; "
            + $"{decided} of {run.Rows} rows decided meanwhile";
    }

    static async Task<long> FreezeAsync(FaultRun run)
    {
        for (var i = 0; i < AttemptsMax; i++)
        {
            var pid = await run.CountAsync($"select coalesce(max(pid), 0) from ({Writing}) writing", "postgres");
            if (pid > 0)
            {
                await SignalAsync(pid, "STOP");
                if (await run.CountAsync(
                    $"select count(*) from ({Writing}) writing where pid = {pid}", "postgres") == 1)
                {
                    return pid;
                }

                await SignalAsync(pid, "CONT");
            }

            await FaultRun.PassAsync(TimeSpan.FromMilliseconds(run.Random.Next(20)));
        }

        throw new TimeoutException("no chunk was found half written");
    }

    static async Task SignalAsync(long pid, string signal) =>
        (await Command.RunAsync("kill", [$"-{signal}", $"{pid}"])).Expect(0);

    static long ResidentMiB(FaultRun run) => run.Workers.Running.Sum(worker => long.Parse(
        File.ReadLines($"/proc/{worker.ProcessId}/status")
            .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
        CultureInfo.InvariantCulture)) >> 10;
}
