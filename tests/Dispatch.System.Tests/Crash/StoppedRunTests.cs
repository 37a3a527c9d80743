using System.Globalization;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Crash;

/// <summary>An operator stops a job while a process is in the middle of sending it.</summary>
[Trait("Length", "long")]
public sealed class StoppedRunTests
{
    // So many that a run is still at work when its first rows were seen.
    const int People = 720_000;

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Run_PausedResumedAndCancelledOnItsWay_HasOneEffectPerRow()
    {
        var site = new Site("stopped");
        var country = Path.Combine(site.Folder, "country");
        (await site.RunAsync("generate", "--people", $"{People}", "--seed", "8", "--out", country)).Expect(0);
        (await site.RunAsync("register", "import", Path.Combine(country, "register"))).Expect(0);
        var job = Path.Combine(country, "tax-statement");

        var paused = await RunUntilAsync(site, job, "pause", decidedBefore: 0);
        (await site.RunAsync("run", job)).ExpectError(75, "job.waiting");
        Assert.Equal(paused, await DecidedAsync(site));
        (await site.RunAsync("resume", "1")).Expect(0);
        var cancelled = await RunUntilAsync(site, job, "cancel", decidedBefore: paused);

        Assert.Equal("cancelled", (await site.QueryAsync("select state from ops.jobs"))[0][0]);
        var ledger = await site.QueryAsync(
            "select balanced, digital > 0, refused > digital, paper, held from ops.job_ledger");
        Assert.Equal("True True True 0 0", string.Join(' ', ledger[0]));
        Assert.Equal(cancelled, await DecidedAsync(site));
        (await site.RunAsync("audit")).Expect(0);
        (await site.RunAsync("run", job)).Expect(3);
        await site.CloseAsync();
    }

    /// <summary>Does it to a run that has just decided some rows, frozen so that it cannot end before; gives how many
    /// rows are decided in the end.</summary>
    static async Task<long> RunUntilAsync(Site site, string job, string command, long decidedBefore)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var run = await site.StartAsync("run", job);
        while (await DecidedAsync(site) <= decidedBefore)
        {
            limit.Token.ThrowIfCancellationRequested();
        }

        await run.SignalAsync("STOP");
        using var hand = await site.StartAsync(command, "1", "--reason", "wrong amounts");
        while ((await site.QueryAsync("select 1 from ops.jobs where state = 'paused'")).Count == 0)
        {
            limit.Token.ThrowIfCancellationRequested();
        }

        await run.SignalAsync("CONT");
        (await run.EndAsync(Patience)).ExpectError(75, "job.waiting");
        (await hand.EndAsync(Patience)).Expect(0);
        return await DecidedAsync(site);
    }

    static async Task<long> DecidedAsync(Site site) => long.Parse(
        (await site.QueryAsync("select count(*) from ops.effects"))[0][0]!, CultureInfo.InvariantCulture);
}
