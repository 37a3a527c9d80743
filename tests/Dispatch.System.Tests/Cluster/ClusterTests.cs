using System.Globalization;
using Dispatch.System.Tests.Crash;
using Dispatch.System.Tests.Running;
using Dispatch.System.Tests.Server;
using Xunit.Abstractions;

namespace Dispatch.System.Tests.Cluster;

/// <summary>
/// Two workers on one database, one of them killed again and again: one effect a row, and the same totals and batch files as
/// of a run that nobody disturbed. DISPATCH_CLUSTER_SEED repeats the moments, DISPATCH_CLUSTER_KILLS sets how many.
/// </summary>
[Collection(ServerCollection.Name)]
public sealed class ClusterTests(ServerFixture fixture, ITestOutputHelper log)
{
    const int People = 40_000;
    const int DefaultKills = 3;
    const string Key = "19552101/2026-aarsopgoerelse";

    static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Worker_OneOfTwoKilledAgainAndAgain_EveryRowGoesOutOnce()
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

        var site = await SiteAsync("cluster_shared");
        await ImportAsync(site, country);
        await using var workers = new Workers(site, "Worker:Lease=00:00:03", "Dispatching:ShardChunks=4");
        await workers.StartAsync();
        var leaving = await workers.StartReadyAsync();
        (await site.RunAsync("submit", job, "--set", "Dispatching:ChunkRows=250")).Expect(0);
        await Until.TrueAsync("the release", SendLimit, async () => await DecidedAsync(site) > 0);
        await workers.StopAsync(leaving);
        log.WriteLine($"stopped; {await DecidedAsync(site)} rows decided, {await site.StateAsync(Key)}");
        var victim = await workers.StartAsync();
        for (var i = 0; i < kills; i++)
        {
            victim = await workers.ReplaceAfterAsync(victim, TimeSpan.FromMilliseconds(random.Next(300, 1_500)));
            log.WriteLine($"killed; {await DecidedAsync(site)} rows decided, {await site.StateAsync(Key)}");
        }

        await Until.TrueAsync("the end", SendLimit, async () => await site.StateAsync(Key) == "completed");
        Assert.Equal(expected, await Outcome.OfAsync(site, Key));
        log.WriteLine(await workers.StopAsync());
        Assert.Equal("0", (await site.QueryAsAsync("dispatch_worker", "select count(holder) from dispatch.shards"))[0][0]);
        (await site.RunAsync("audit")).Expect(0);
        (await site.RunAsync("run", job)).Expect(3);
        Assert.Equal(expected, await Outcome.OfAsync(site, Key));
        await site.CloseAsync();
        await alone.CloseAsync();
    }

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
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
