using System.Diagnostics;
using Dispatch.System.Tests.Crash;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Faults;

/// <summary>One case, once: the job is sent under the fault, which is then healed; every row ends in its one effect, the
/// audit passes, and sending again changes nothing.</summary>
static class FaultTrial
{
    public static async Task<FaultResult> RunAsync(FaultWorld world, FaultCase fault, int seed)
    {
        var watch = Stopwatch.StartNew();
        await using var run = await world.OpenAsync(seed, fault.Settings);
        if (!fault.IsAtIntake)
        {
            await run.Workers.StartAsync();
            await run.Workers.StartReadyAsync();
            (await run.SubmitAsync()).Expect(0);
            await run.DecidedAsync(1);
        }

        var seen = await fault.Strike(run);
        var hasEnded = await run.DrainAsync();
        var count = await FaultCount.OfAsync(run, hasEnded);
        var result = new FaultResult(fault, seed, count, seen, watch.Elapsed);
        if (count.IsClean)
        {
            await EndAsync(run);
        }

        return result;
    }

    static async Task EndAsync(FaultRun run)
    {
        await run.Workers.StopAsync();
        Assert.Equal(0, await run.CountAsync("select count(holder) from dispatch.shards", "dispatch_worker"));
        Assert.Empty(Leftovers(run.Site));
        (await run.Site.RunAsync("audit")).Expect(0);
        var outcome = await Outcome.OfAsync(run.Site, run.Key);
        (await run.Site.RunAsync("run", run.World.Job)).Expect(3);
        Assert.Equal(outcome, await Outcome.OfAsync(run.Site, run.Key));
    }

    static IEnumerable<string> Leftovers(Site site) =>
        Directory.GetFiles(Path.Combine(site.Data, "spool"), "*.part", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(site.Outbox, "*.part", SearchOption.AllDirectories));
}
