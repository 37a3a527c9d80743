using System.Diagnostics;
using System.Globalization;
using Dispatch.System.Tests.Running;
using Xunit.Abstractions;

namespace Dispatch.System.Tests.Crash;

/// <summary>
/// kill -9 of a run at random moments, each time started again: one effect per row, and the same totals and batch files
/// as of a run that nobody disturbed. DISPATCH_CRASH_RUNS sets how many moments, DISPATCH_CRASH_SEED repeats them.
/// </summary>
public sealed class KillTests(ITestOutputHelper log)
{
    const int DefaultRuns = 1;
    const int People = 240_000;
    const int AttemptsMax = 10;

    static readonly TimeSpan EarliestKill = TimeSpan.FromMilliseconds(30);

    /// <summary>Generous, for other tests run beside this one; an operator waits 5 s at most.</summary>
    static readonly TimeSpan ContinuationSlack = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Run_KilledAtRandomMoments_EndsAsIfNobodyHadDisturbedIt()
    {
        var seed = FromEnvironment("DISPATCH_CRASH_SEED", Environment.TickCount & 0xFFFF);
        var runs = FromEnvironment("DISPATCH_CRASH_RUNS", DefaultRuns);
        log.WriteLine($"DISPATCH_CRASH_SEED={seed} DISPATCH_CRASH_RUNS={runs}");
        var random = new Random(seed);
        var steady = new CrashSite("steady");
        var country = Path.Combine(steady.Site.Folder, "country");
        (await steady.Site.RunAsync("generate", "--people", $"{People}", "--seed", "7", "--out", country)).Expect(0);
        var job = Path.Combine(country, "tax-statement");
        await ImportAsync(steady.Site, country);
        var undisturbed = (await steady.Site.RunAsync("run", job)).Expect(0, 3);
        var key = await KeyAsync(steady.Site);
        var expected = await steady.OutcomeAsync(key);
        await steady.Site.StopAsync();
        log.WriteLine($"undisturbed {undisturbed.Elapsed}\n{expected}");
        var trial = new CrashSite("crash");
        await ImportAsync(trial.Site, country);
        await trial.KeepAsync();
        var whole = undisturbed.Elapsed;

        for (var i = 0; i < runs; i++)
        {
            whole = await KillAsync(trial, job, random, whole);

            var watch = Stopwatch.StartNew();
            var finished = await trial.Site.RunAsync("run", job);
            log.WriteLine($"trial {i}: continued and finished in {watch.Elapsed}");

            finished.Expect(undisturbed.ExitCode);
            Assert.Equal(expected, await trial.OutcomeAsync(key));
            Assert.True(watch.Elapsed < undisturbed.Elapsed + ContinuationSlack, $"It took {watch.Elapsed} to go on.");
        }

        (await trial.Site.RunAsync("audit")).Expect(0);
        (await trial.Site.RunAsync("run", job)).Expect(undisturbed.ExitCode);
        Assert.Equal(expected, await trial.OutcomeAsync(key));

        await KillAsync(trial, job, random, whole / 2);
        await CancelAsync(trial.Site, key, job);
        await trial.Site.CloseAsync();
        await steady.Site.CloseAsync();
    }

    /// <summary>
    /// Kills a new run at a random moment, and in some trials the run that follows as well. A run that ended before its
    /// moment is no trial: the next one is shorter by what was learned. Gives the time a whole run takes at most.
    /// </summary>
    async Task<TimeSpan> KillAsync(CrashSite trial, string job, Random random, TimeSpan whole)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            await trial.PutBackAsync();
            var watch = Stopwatch.StartNew();
            if (await KillAsync(trial.Site, job, random, whole))
            {
                if (random.Next(3) == 0)
                {
                    await KillAsync(trial.Site, job, random, whole / 2);
                }

                return whole;
            }

            whole = watch.Elapsed;
        }

        throw new InvalidOperationException($"{AttemptsMax} runs ended before they could be killed.");
    }

    async Task<bool> KillAsync(Site site, string job, Random random, TimeSpan whole)
    {
        var moment = EarliestKill + (random.NextDouble() * (whole - EarliestKill));
        using var run = await site.StartAsync("run", job);
        var wasKilled = await run.KillAfterAsync(moment);
        log.WriteLine(wasKilled ? $"killed after {moment}" : $"ended by itself before {moment}");
        return wasKilled;
    }

    /// <summary>What reached somebody stays, everything else is refused; nothing in between, and no file of a dropped
    /// batch.</summary>
    static async Task CancelAsync(Site site, string key, string job)
    {
        switch (await site.QueryAsync("select state from ops.jobs"))
        {
            case []:
                return; // killed before it was accepted
            case [["completed"]]:
                (await site.RunAsync("cancel", key, "--reason", "wrong amounts")).ExpectError(2, "job.sent");
                return; // killed after the last of it was sent
        }

        (await site.RunAsync("cancel", key, "--reason", "wrong amounts")).Expect(0);

        var rows = await site.QueryAsync(
            """
            select j.state, count(*) = j.rows, count(distinct e.row_no) = j.rows
            from ops.jobs j join ops.effects e on e.job_id = j.job_id group by j.job_id, j.state, j.rows
            """);
        Assert.Equal("cancelled True True", string.Join(' ', rows[0]));
        var batches = await site.QueryAsync("select name, state from ops.print_batches order by name");
        Assert.All(batches, batch => Assert.Equal("handed_off", batch[1]));
        Assert.Equal(
            batches.Select(batch => $"{batch[0]}.ticket.json"),
            Directory.GetFiles(site.Outbox, "*.ticket.json", SearchOption.AllDirectories)
                .Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        (await site.RunAsync("audit")).Expect(0);
        (await site.RunAsync("run", job)).Expect(3);
    }

    static async Task ImportAsync(Site site, string country) =>
        (await site.RunAsync("register", "import", Path.Combine(country, "register"))).Expect(0);

    static async Task<string> KeyAsync(Site site) =>
        string.Join('/', Assert.Single(await site.QueryAsync("select sender_cvr, reference from ops.jobs")));

    static int FromEnvironment(string name, int otherwise) =>
        int.TryParse(
            Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
