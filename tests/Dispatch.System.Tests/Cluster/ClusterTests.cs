using System.Globalization;
using Dispatch.System.Tests.Crash;
using Dispatch.System.Tests.Running;
using Dispatch.System.Tests.Server;
using Xunit.Abstractions;

namespace Dispatch.System.Tests.Cluster;

/// <summary>
/// Two workers on one database, one of them stopped, killed again and again, frozen: one effect a row, and the same
/// totals and batch files as of a run that nobody disturbed. DISPATCH_CLUSTER_SEED repeats the moments,
/// DISPATCH_CLUSTER_KILLS sets how many.
/// </summary>
[Collection(ServerCollection.Name)]
public sealed class ClusterTests(ServerFixture fixture, ITestOutputHelper log)
{
    const int People = 30_000;
    const int DefaultKills = 1;
    const string SharedDatabase = "cluster_shared";
    const string Key = "19552101/2026-aarsopgoerelse";

    static readonly TimeSpan SendLimit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Worker_OneOfTwoStoppedKilledAndFrozen_EveryRowGoesOutOnce()
    {
        var seed = FromEnvironment("DISPATCH_CLUSTER_SEED", Environment.TickCount & 0xFFFF);
        var kills = FromEnvironment("DISPATCH_CLUSTER_KILLS", DefaultKills);
        log.WriteLine($"DISPATCH_CLUSTER_SEED={seed} DISPATCH_CLUSTER_KILLS={kills}");
        var random = new Random(seed);
        var alone = await SiteAsync("cluster_alone");
        var country = Path.Combine(alone.Folder, "country");
        (await alone.RunAsync("generate", "--people", $"{People}", "--seed", "7", "--out", country)).Expect(0);
        var job = Path.Combine(country, "tax-statement");
        await ImportAsync(alone, country);
        (await alone.RunAsync("run", job)).Expect(3);
        var expected = await Outcome.OfAsync(alone, Key);

        var site = await SiteAsync(SharedDatabase);
        await ImportAsync(site, country);
        await using var workers = new Workers(site, "Worker:Lease=00:00:03", "Dispatching:ShardChunks=4");
        await workers.StartAsync();
        (await site.RunAsync("submit", job, "--set", "Dispatching:ChunkRows=100")).Expect(0);
        await workers.StopAsync(await JoinAsync(site, workers));
        for (var i = 0; i < kills; i++)
        {
            await workers.KillAfterAsync(await JoinAsync(site, workers), TimeSpan.FromMilliseconds(random.Next(150)));
        }

        // One that freezes past its lease is replaced, and changes nothing when it wakes up.
        var frozen = await JoinAsync(site, workers);
        await frozen.SignalAsync("STOP");
        await Until.TrueAsync("the end", SendLimit, async () => await site.StateAsync(Key) == "completed");
        await frozen.SignalAsync("CONT");
        Assert.Equal(expected, await Outcome.OfAsync(site, Key));
        log.WriteLine(await workers.StopAsync());
        Assert.Equal(
            "0", (await site.QueryAsAsync("dispatch_worker", "select count(holder) from dispatch.shards"))[0][0]);
        (await site.RunAsync("audit")).Expect(0);
        (await site.RunAsync("run", job)).Expect(3);
        Assert.Equal(expected, await Outcome.OfAsync(site, Key));
        await site.CloseAsync();
        await alone.CloseAsync();
    }

    /// <summary>A worker that has a shard in hand. The job stands still until it is there, or others would end
    /// it.</summary>
    async Task<RunningCommand> JoinAsync(Site site, Workers workers)
    {
        await Until.TrueAsync("the release", SendLimit, async () => await site.StateAsync(Key) == "running");
        await MoveAsync("running", "paused");
        var worker = await workers.StartReadyAsync();
        await MoveAsync("paused", "running");
        await Until.TrueAsync("a shard in hand", SendLimit, async () => (await site.QueryAsAsync(
            "dispatch_worker", "select count(*) from dispatch.shards where holder like '%-' || $1 || '-%'",
            worker.ProcessId))[0][0] != "0");
        log.WriteLine($"{worker.ProcessId} takes part; {await DecidedAsync(site)} rows are decided");
        return worker;
    }

    Task MoveAsync(string from, string to) => fixture.Cluster.AdministerAsync(
        $"update dispatch.jobs set state = '{to}' where state = '{from}'", SharedDatabase);

    async Task<Site> SiteAsync(string database)
    {
        var site = await fixture.CreateSiteAsync(database, "postgres", "postgres");
        (await site.RunAsync("migrate")).Expect(0);
        return site;
    }

    static async Task ImportAsync(Site site, string country) =>
        (await site.RunAsync("register", "import", Path.Combine(country, "register"))).Expect(0);

    static async Task<long> DecidedAsync(Site site) => long.Parse(
        (await site.QueryAsync("select count(*) from ops.effects"))[0][0]!, CultureInfo.InvariantCulture);

    static int FromEnvironment(string name, int otherwise) =>
        int.TryParse(
            Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
