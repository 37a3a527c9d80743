namespace Dispatch.System.Tests.Server;

/// <summary>A server that could lose a committed chunk, or that takes none.</summary>
[Collection(ServerCollection.Name)]
public sealed class ServerSettingsTests(ServerFixture fixture)
{
    [Theory]
    [InlineData("fsync")]
    [InlineData("full_page_writes")]
    public async Task Migrate_ServerSettingIsOff_IsRefused(string setting)
    {
        var site = await fixture.CreateSiteAsync($"without_{setting}", "postgres", "postgres");
        await fixture.Cluster.AdministerAsync($"alter system set {setting} = off");
        await fixture.Cluster.AdministerAsync("select pg_reload_conf()");
        try
        {
            var refused = (await site.RunAsync("migrate")).ExpectError(78, "database.settings");

            Assert.Contains($"{setting} is off", refused.Error, StringComparison.Ordinal);
        }
        finally
        {
            await fixture.Cluster.AdministerAsync($"alter system reset {setting}");
            await fixture.Cluster.AdministerAsync("select pg_reload_conf()");
            await site.CloseAsync();
        }
    }

    [Theory]
    [InlineData("synchronous_commit = off", 78, "database.settings", "synchronous_commit is off")]
    [InlineData("default_transaction_read_only = on", 75, "database.read_only", "takes no writes")]
    public async Task Migrate_DatabaseSettingForbidsIt_IsRefused(string setting, int exit, string code, string said)
    {
        var name = "with_" + setting.Split(' ')[0];
        var site = await fixture.CreateSiteAsync(name, "postgres", "postgres");
        await fixture.Cluster.AdministerAsync($"alter database {name} set {setting}");

        foreach (var command in new[] { "migrate", "status" })
        {
            var refused = (await site.RunAsync(command)).ExpectError(exit, code);

            Assert.Contains(said, refused.Error, StringComparison.Ordinal);
        }

        await site.CloseAsync();
    }
}
