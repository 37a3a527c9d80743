using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dispatch.System.Tests.Jobs;
using Dispatch.System.Tests.Oracle;
using Dispatch.System.Tests.Running;
using Dispatch.System.Tests.Server;

namespace Dispatch.System.Tests.Cluster;

/// <summary>A large job with a rate goes out in turns; one that has everything a worker can give does not keep a small one
/// waiting, and neither do a thousand questions about health.</summary>
[Collection(ServerCollection.Name)]
[Trait("Length", "long")]
public sealed class FairnessTests(ServerFixture fixture)
{
    const string Database = "cluster_fairness";
    const int ChunkRows = 100;
    const int Shards = 2;

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Worker_SmallJobBesideALargeOne_IsCompletedWhileTheLargeOneIsNot()
    {
        var site = await fixture.CreateSiteAsync(Database, "postgres", "postgres");
        (await site.RunAsync("migrate")).Expect(0);
        await fixture.ImportAsync(site);
        var large = new JobOrder { Reference = "large" };
        (await site.RunAsync("submit", Large(site, large), "--set", $"Dispatching:ChunkRows={ChunkRows}")).Expect(0);
        (await site.RunAsync("rate", large.Key, "--per-hour", "0", "--reason", "test")).ExpectError(2, "rate.per_hour");
        (await site.RunAsync("rate", large.Key, "--per-hour", "50", "--reason", "test")).Expect(0);
        using var health = new HttpClient { BaseAddress = new($"http://127.0.0.1:{FreePort()}") };
        await using var workers = new Workers(
            site, "Dispatching:ShardChunks=2", $"Worker:Shards={Shards}", $"Health:Port={health.BaseAddress.Port}");
        await ListensOnLoopbackAsync(await workers.StartReadyAsync(), health);

        await GoesOutInTurnsAsync(site, large.Key);
        await using (var owner = await site.OpenAsync("postgres"))
        {
            // Nobody gets on with the large job, but everybody is at it.
            await using var transaction = await owner.BeginTransactionAsync();
            await using (var command = owner.CreateCommand())
            {
                command.CommandText = "select from dispatch.chunks where state = 'open' for update";
                await command.ExecuteNonQueryAsync();
            }

            (await site.RunAsync("rate", large.Key, "--per-hour", "none", "--reason", "test")).Expect(0);
            await Until.TrueAsync("all shards at work", Limit, async () => (await site.QueryAsAsync(
                "postgres",
                $"select count(*) >= {Shards} from pg_stat_activity where datname = '{Database}' and wait_event_type = 'Lock'"))
                [0][0] == "True");
            (await site.RunAsync("submit", fixture.Job)).Expect(0);
            await Until.TrueAsync(
                "the small job's end", Limit, async () => await site.StateAsync("19552101/server") == "completed");
            Assert.Equal("running", await site.StateAsync(large.Key));
        }

        await AskAThousandTimesAsync(health);
        await Until.TrueAsync("the large job's end", Limit, async () => await site.StateAsync(large.Key) == "completed");
        Assert.Contains(
            "dispatch_rows_total{outcome=\"refused\"} 1199\n", await health.GetStringAsync("/metrics"), StringComparison.Ordinal);
        await workers.StopAsync();
        (await site.RunAsync("audit")).Expect(0);
        await site.CloseAsync();
    }

    static async Task ListensOnLoopbackAsync(RunningCommand worker, HttpClient health)
    {
        await Until.TrueAsync("health", Limit, async () =>
        {
            using var answer = await health.GetAsync("/health/ready");
            return answer.StatusCode == HttpStatusCode.OK;
        });
        var port = health.BaseAddress!.Port.ToString("X4", CultureInfo.InvariantCulture);
        Assert.Equal([$"tcp 0100007F:{port}"], ListeningSockets.Of(worker.ProcessId));
    }

    static async Task AskAThousandTimesAsync(HttpClient health)
    {
        for (var i = 0; i < 100; i++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => health.GetStringAsync("/metrics")));
            Assert.All(answers, answer => Assert.Contains("dispatch_database_up 1\n", answer, StringComparison.Ordinal));
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    static async Task GoesOutInTurnsAsync(Site site, string key)
    {
        var status = default(global::System.Text.Json.JsonElement);
        await Until.TrueAsync("a turn's end", Limit, async () =>
        {
            status = (await site.RunAsync("status", key, "--json")).Expect(0).Json;
            return status.GetProperty("decided").GetInt32() == ChunkRows && !status.GetProperty("isLive").GetBoolean();
        });
        Assert.Equal("its turn, at 50 letters an hour", status.GetProperty("waitsFor").GetString());
        Assert.Equal(50, status.GetProperty("perHour").GetInt32());
        Assert.True(status.GetProperty("forecastEnd").GetDateTime() > status.GetProperty("waitsUntil").GetDateTime());
    }

    // Twelve chunks of the same person, who gets one letter.
    static string Large(Site site, JobOrder order)
    {
        var numbers = new Oracle.World.MadeUpNumbers();
        var cpr = numbers.Cpr(Oracle.World.AgeEdges.Adult);
        var list = new RecipientList(["recipient"], [])
        {
            Rows = [.. Enumerable.Repeat(new[] { cpr }, 12 * ChunkRows)],
        };
        return JobFolder.Write(Path.Combine(site.Folder, "large"), order, list, "# Hej\n\nEt brev.\n");
    }
}
