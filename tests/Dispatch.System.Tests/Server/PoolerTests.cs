using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Server;

/// <summary>F32: a pooler between dispatch and its database is told, and nothing is sent through it.</summary>
[Collection(ServerCollection.Name)]
public sealed class PoolerTests(ServerFixture fixture)
{
    [PoolerTheory]
    [InlineData("session", "", "refuses what a session is opened with")]
    [InlineData("session", "options", "drops what a session is opened with")]
    [InlineData("transaction", "options", "transaction pooling")]
    public async Task Command_PoolerInBetween_IsRefused(string mode, string ignored, string said)
    {
        var database = $"pooled_{mode}_{ignored}";
        var direct = await fixture.CreateSiteAsync(database, "postgres", "postgres");
        (await direct.RunAsync("migrate")).Expect(0);
        await fixture.ImportAsync(direct);

        await using var pooler = new Pooler();
        await pooler.StartAsync(fixture.Cluster.Socket, mode, ignored);
        var site = new Site(database, pooler.ConnectionString(database));
        foreach (var command in new[] { "worker", $"run {fixture.Job}", "migrate" })
        {
            var refused = (await site.RunAsync(command.Split(' '))).ExpectError(78, "database.pooler");

            Assert.Contains(said, refused.Error, StringComparison.Ordinal);
        }

        Assert.Equal("0", (await direct.QueryAsync("select count(*) from ops.jobs"))[0][0]);
        await direct.CloseAsync();
    }

    // The lock under which the schema is made would not hold, either.
    [PoolerTheory]
    [InlineData("transaction")]
    public async Task Migrate_TransactionsArePooled_MakesNothing(string mode)
    {
        var direct = await fixture.CreateSiteAsync("pooled_new", "postgres", "postgres");
        await using var pooler = new Pooler();
        await pooler.StartAsync(fixture.Cluster.Socket, mode, "options");
        var site = new Site("pooled_new", pooler.ConnectionString("pooled_new"));

        (await site.RunAsync("migrate")).ExpectError(78, "database.pooler");

        var made = await direct.QueryAsync("select count(*) from pg_namespace where nspname = 'dispatch'");
        Assert.Equal("0", made[0][0]);
        await direct.CloseAsync();
    }
}
