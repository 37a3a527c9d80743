using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Faults;

/// <summary>F13: what a fault in a library that is no managed code does to a process, at any moment of its
/// work.</summary>
static class SegmentFaults
{
    const int WhileRouting = 3;
    const int WhileComposing = 2;

    static readonly int[] Crashed = [128 + 6, 128 + 11]; // the runtime may turn SIGSEGV into an abort

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("F13", "SIGSEGV to a worker while it routes, three times; to all while they compose, twice", StrikeAsync),
    ];

    static async Task<string> StrikeAsync(FaultRun run)
    {
        for (var i = 0; i < WhileRouting; i++)
        {
            await run.SomewhereAsync(0.25 * i, 0.25 * (i + 1));
            await CrashAsync(run, [run.Workers.Running[run.Random.Next(run.Workers.Running.Count)]]);
        }

        var whileComposing = 0;
        for (var i = 0; i < WhileComposing; i++)
        {
            var since = DateTime.UtcNow; // what a crash leaves is made again, not swept
            await Until.TrueAsync("a batch in the making", FaultRun.EndLimit, async () =>
                HasDraft(run, since) || await run.IsCompletedAsync());
            whileComposing += HasDraft(run, since) ? 1 : 0;
            await CrashAsync(run, [.. run.Workers.Running]);
        }

        return $"{WhileRouting} while they routed, {whileComposing} with a batch half written";
    }

    static bool HasDraft(FaultRun run, DateTime since) => Directory.Exists(run.Staging)
        && Directory.GetFiles(run.Staging, "*.part").Any(draft => File.GetLastWriteTimeUtc(draft) > since);

    static async Task CrashAsync(FaultRun run, IReadOnlyList<RunningCommand> workers)
    {
        foreach (var worker in workers)
        {
            // Sent from outside, the first may do no more than take the runtime's own handler away.
            await Until.TrueAsync("its end", FaultRun.EndLimit, async () =>
            {
                await Command.RunAsync("kill", ["-SEGV", $"{worker.ProcessId}"]);
                return worker.HasEnded;
            });
            (await worker.EndAsync(FaultRun.EndLimit)).Expect(Crashed);
            await run.Workers.TryKillAfterAsync(worker, TimeSpan.Zero);
            await run.Workers.StartAsync();
        }
    }
}
