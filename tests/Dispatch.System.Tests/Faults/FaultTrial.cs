using System.Diagnostics;
using Dispatch.System.Tests.Crash;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Faults;

/// <summary>One case, once: the job is sent under the fault, which is then healed; every row ends in its one effect,
/// the audit passes, and sending again changes nothing.</summary>
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
        seen += hasEnded ? "" : await StandstillAsync(run);
        var result = new FaultResult(fault, seed, count, seen, watch.Elapsed);
        if (count.IsClean)
        {
            await EndAsync(run, fault);
            result = result with { Seen = result.Seen + run.Workers.Ended };
        }

        return result;
    }

    static async Task EndAsync(FaultRun run, FaultCase fault)
    {
        await run.Workers.RemoveEndedAsync();
        Assert.DoesNotContain("internal.error", run.Workers.Ended, StringComparison.Ordinal);
        await run.Workers.StopAsync();
        await Until.TrueAsync("an end of all leases", FaultRun.EndLimit, async () => await run.CountAsync(
            // One that ends later than any can is nobody's: the server's clock was set back.
            "select count(*) from dispatch.shards where lease_until > clock_timestamp() "
            + "and lease_until < clock_timestamp() + interval '5 min'",
            "dispatch_worker") == 0);
        Assert.Empty(Leftovers(run.Site));
        var audit = await run.Site.RunAsync("audit");
        Assert.Empty(Violated(audit.Output).Except(fault.Violates));
        audit.Expect(fault.Violates.Count == 0 ? [0] : [0, 4]);
        var outcome = await Outcome.OfAsync(run.Site, run.Key);
        (await run.Site.RunAsync("run", run.World.Job)).Expect(3);
        Assert.Equal(outcome, await Outcome.OfAsync(run.Site, run.Key));
    }

    /// <summary>What a job that does not end hangs on.</summary>
    public static async Task<string> StandstillAsync(FaultRun run)
    {
        var facts = await run.Site.QueryAsAsync("postgres", """
            select 'job ' || state || coalesce(' ' || code, '')
                       from dispatch.jobs left join dispatch.setbacks using (job_id)
            union all select 'nodes ' || count(*) || ' ' || string_agg(gate, ' ') from dispatch.nodes
            union all select 'triggers ' || trigger_state || ' ' || count(*)
                       from scheduler.qrtz_triggers group by trigger_state
            union all select 'fired ' || state || ' ' || left(instance_name, 30) || ' ' || count(*)
                       from scheduler.qrtz_fired_triggers group by state, instance_name
            union all select 'live leases ' || count(*) from dispatch.shards where lease_until > clock_timestamp()
            union all select 'sessions ' || state || ' ' || coalesce(wait_event, '') || ' ' || count(*) || ' '
                           || max(left(query, 60))
                       from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
                       group by state, wait_event
            """);
        return " STANDSTILL: " + string.Join("; ", facts.Select(fact => fact[0]?.ReplaceLineEndings(" ")));
    }

    static IEnumerable<string> Violated(string audit) => audit.Split('\n')
        .Where(line => line.StartsWith("I-", StringComparison.Ordinal))
        .Where(line => line.Contains(": VIOLATED", StringComparison.Ordinal))
        .Select(line => line.Split(' ')[0]);

    static IEnumerable<string> Leftovers(Site site) =>
        Directory.GetFiles(Path.Combine(site.Data, "spool"), "*.part", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(site.Outbox, "*.part", SearchOption.AllDirectories));
}
