using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Server;

/// <summary>One connection string, of a user with more or fewer rights.</summary>
[Collection(ServerCollection.Name)]
public sealed class ServerRolesTests(ServerFixture fixture)
{
    [Fact]
    public async Task Migrate_UserMayNotMakeRoles_SaysWhatAnAdministratorRunsAndThenSends()
    {
        // Other tests' databases may have made the roles.
        await fixture.Cluster.AdministerAsync("""
            do $$
            declare
                there name;
            begin
                for there in select rolname from pg_roles where rolname like 'dispatch\_%' loop
                    execute format('alter role %I rename to %I', there, 'former_' || there);
                end loop;
            end $$;
            create role "Brev-sender" login
            """);
        var site = await fixture.CreateSiteAsync("no_roles", "\"Brev-sender\"", "Brev-sender");

        var refused = (await site.RunAsync("migrate")).ExpectError(78, "database.roles");
        Assert.Contains("dispatch migrate --print-roles", refused.Error, StringComparison.Ordinal);

        var script = (await site.RunAsync("migrate", "--print-roles")).Expect(0).Output;
        Assert.Equal(script, refused.Output);
        await fixture.Cluster.AdministerAsync(script);
        await fixture.Cluster.AdministerAsync(script);
        Assert.Equal("", (await site.RunAsync("migrate", "--quiet")).Expect(0).Error);
        await fixture.SendAsync(site);
        var doctor = (await site.RunAsync("doctor")).Expect(0);
        Assert.Contains("good        database rights", doctor.Output, StringComparison.Ordinal);
        await site.CloseAsync();
    }

    [Fact]
    public async Task Migrate_UserMayMakeRoles_MakesThemAndSends()
    {
        await fixture.Cluster.AdministerAsync("create role maker login createrole");
        var site = await fixture.CreateSiteAsync("makes_roles", "maker", "maker");

        Assert.Equal("", (await site.RunAsync("migrate", "--quiet")).Expect(0).Error);
        await fixture.SendAsync(site);
        await site.CloseAsync();
    }

    [Fact]
    public async Task Migrate_UserDoesNotOwnTheDatabase_SaysWhatEverybodyMay()
    {
        await fixture.Cluster.AdministerAsync("create role tenant login createrole");
        var site = await fixture.CreateSiteAsync("not_owned", "postgres", "tenant");
        await fixture.Cluster.AdministerAsync("grant create on database not_owned to tenant");

        var migrated = (await site.RunAsync("migrate")).Expect(0);
        Assert.StartsWith("warning: database.advice: ", migrated.Error, StringComparison.Ordinal);
        Assert.Contains("dispatch migrate --print-roles", migrated.Error, StringComparison.Ordinal);
        Assert.Contains(
            "doubtful    database rights", (await site.RunAsync("doctor")).Output, StringComparison.Ordinal);

        await fixture.Cluster.AdministerAsync((await site.RunAsync("migrate", "--print-roles")).Output);
        await fixture.SendAsync(site);
        Assert.DoesNotContain("TEMPORARY", (await site.RunAsync("doctor")).Output, StringComparison.Ordinal);
        await site.CloseAsync();
    }

    [Fact]
    public async Task Run_UserIsSuperuser_SendsAndWarnsAtEveryCommand()
    {
        var site = await fixture.CreateSiteAsync("by_superuser", "postgres", "postgres");
        (await site.RunAsync("migrate")).Expect(0);
        await fixture.SendAsync(site);

        foreach (var command in new[] { "migrate", "status", "audit", "doctor" })
        {
            var said = (await site.RunAsync(command, "--json", "--quiet")).Expect(0);
            Assert.NotEmpty(said.Json.GetRawText());
            var warning = Assert.Single(said.Error.Trim().Split('\n'));
            Assert.StartsWith("warning: database.superuser: ", warning, StringComparison.Ordinal);
        }

        // An error stays the one line of its form.
        (await site.RunAsync("status", "99999")).ExpectError(2, "job.unknown");

        await site.CloseAsync();
    }

    [Fact]
    public async Task Run_UserOwnsNothing_WorksWithWhatTheOwnerMigrated()
    {
        await fixture.Cluster.AdministerAsync("create role builder login createrole; create role runner login");
        var owner = await fixture.CreateSiteAsync("two_users", "builder", "builder");
        (await owner.RunAsync("migrate")).Expect(0);
        await owner.CloseAsync();

        var site = new Site("two-users", fixture.Cluster.ConnectionString("two_users", "runner"));
        // Not even let in: the database is nobody's who was not named.
        (await site.RunAsync("status")).ExpectError(78, "database.denied");
        await fixture.Cluster.AdministerAsync((await site.RunAsync("migrate", "--print-roles")).Expect(0).Output);
        await fixture.SendAsync(site);
        await site.CloseAsync();
    }

    [Fact]
    public async Task PrintRoles_NoConnectionString_IsAboutTheEmbeddedServersOwner()
    {
        var site = new Site("print-roles");

        var printed = (await site.RunAsync("migrate", "--print-roles", "--json")).Expect(0);

        Assert.Contains("grant connect, create on database \"dispatch\" to \"dispatch\"",
            printed.Json.GetProperty("sql").GetString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(site.Data, "postgres")), "A server was made for it.");
        await site.CloseAsync();
    }
}
