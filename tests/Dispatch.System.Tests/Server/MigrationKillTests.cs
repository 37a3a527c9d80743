using System.Globalization;
using Dispatch.System.Tests.Running;
using Xunit.Abstractions;

namespace Dispatch.System.Tests.Server;

/// <summary>F43: a migration that is killed again and again ends, when it is left alone, where any other does.
/// DISPATCH_MIGRATION_SEED repeats the moments.</summary>
[Collection(ServerCollection.Name)]
[Trait("Length", "long")]
public sealed class MigrationKillTests(ServerFixture fixture, ITestOutputHelper log)
{
    const int Kills = 10;

    [Fact]
    public async Task Migrate_KilledAgainAndAgain_LeavesASchemaOrNone()
    {
        var seed = int.TryParse(
            Environment.GetEnvironmentVariable("DISPATCH_MIGRATION_SEED"), CultureInfo.InvariantCulture, out var set)
            ? set : Environment.TickCount & 0xFFFF;
        log.WriteLine($"DISPATCH_MIGRATION_SEED={seed}");
        var random = new Random(seed);
        var whole = await fixture.CreateSiteAsync("migrated", "postgres", "postgres");
        var took = (await whole.RunAsync("migrate")).Expect(0).Elapsed;
        var killed = await fixture.CreateSiteAsync("migration_killed", "postgres", "postgres");
        var version = 0L;
        for (var i = 0; i < Kills; i++)
        {
            using var running = await killed.StartAsync("migrate");
            var wasKilled = await running.KillAfterAsync(took * random.NextDouble());
            var now = await VersionAsync(killed);
            log.WriteLine($"{(wasKilled ? "killed" : "ended")} at version {now}");
            Assert.InRange(now, version, long.MaxValue);
            version = now;
        }

        (await killed.RunAsync("migrate")).Expect(0);

        Assert.Equal(await SchemaAsync("migrated"), await SchemaAsync("migration_killed"));
        (await killed.RunAsync("audit")).Expect(0);
        await whole.CloseAsync();
        await killed.CloseAsync();
    }

    static async Task<long> VersionAsync(Site site) =>
        (await site.QueryAsAsync("postgres", "select to_regclass('dispatch.schema_versions')::text"))[0][0] is null
            ? 0
            : long.Parse(
                (await site.QueryAsAsync("postgres", "select count(*) from dispatch.schema_versions"))[0][0]!,
                CultureInfo.InvariantCulture);

    // pg_dump writes a random word around what it gives.
    async Task<string> SchemaAsync(string database) => string.Join('\n', (await fixture.Cluster.DumpAsync(
        database, "--schema-only")).Split('\n').Where(line => !line.Contains("restrict ", StringComparison.Ordinal)));
}
