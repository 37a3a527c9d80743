using Dispatch.Routing;
using Dispatch.Routing.Rules;
using Dispatch.Worker.Database;

namespace Dispatch.Worker.Tests.Database;

public sealed class MigratorTests : IAsyncLifetime
{
    static readonly MigrationScript First = MigrationScript.All[0];

    readonly TestDatabase _database = TestDatabase.Empty();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public void All_Resources_AreNumberedWithoutGap()
    {
        Assert.NotEmpty(MigrationScript.All);
        Assert.Equal(Enumerable.Range(1, MigrationScript.All.Count), MigrationScript.All.Select(s => s.Version));
    }

    [Fact]
    public async Task MigrateAsync_EmptyDatabase_AppliesEveryScriptAndFillsReasons()
    {
        var result = await Migrate(MigrationScript.All);

        Assert.Equal(MigrationScript.All.Select(s => s.Name), result.Applied);
        Assert.Equal(Reasons.All.Count(), await _database.QueryAsync<long>("select count(*) from dispatch.reasons"));
        Assert.Equal("refused", await _database.QueryAsync<string>(
            "select effect from dispatch.reasons where code = 'cpr.date'"));
    }

    [Fact]
    public async Task MigrateAsync_Again_AppliesNothing()
    {
        await Migrate(MigrationScript.All);

        var result = await Migrate(MigrationScript.All);

        Assert.Empty(result.Applied);
        Assert.Equal(MigrationScript.All.Count, result.Version);
    }

    [Fact]
    public async Task MigrateAsync_ReasonChanged_IsPutRight()
    {
        await Migrate(MigrationScript.All);
        await _database.ExecuteAsync("update dispatch.reasons set code = 'other' where code = 'cpr.date'");

        await Migrate(MigrationScript.All);

        Assert.Equal(
            1, await _database.QueryAsync<long>("select count(*) from dispatch.reasons where code = 'cpr.date'"));
    }

    [Fact]
    public async Task MigrateAsync_FourAtOnce_AppliesEveryScriptOnce()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Migrate(MigrationScript.All)));

        Assert.Equal(MigrationScript.All.Count, results.Sum(r => r.Applied.Count));
    }

    [Fact]
    public async Task MigrateAsync_LeafFromBeforeTheRoles_IsTheWorkersToo()
    {
        await Migrate([First]);
        await _database.ExecuteAsync("create table mailbox.letters_3 partition of mailbox.letters for values in (3)");

        await Migrate(MigrationScript.All);

        await using var command = _database.DataSource.CreateCommand(
            "insert into mailbox.letters_3 values (3, 1, 1, 1, 101, 0, now(), '')");
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    [Fact]
    public async Task MigrateAsync_ByTheWorkerWhenNothingIsToDo_ChangesNothing()
    {
        await Migrate(MigrationScript.All);

        var result = await new Migrator(_database.DataSource, MigrationScript.All).MigrateAsync(CancellationToken.None);

        Assert.Empty(result.Applied);
    }

    [Fact]
    public async Task MigrateAsync_ScriptFailsHalfWay_LeavesNothingOfItAndGoesOnLater()
    {
        await Migrate([First]);
        var broken = MigrationScript.Create(2, "broken", "create table ops.half (x int); select 1 / 0;");
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => Migrate([First, broken]));
        Assert.True(await _database.QueryAsync<bool>("select to_regclass('ops.half') is null"));

        var result = await Migrate([First, MigrationScript.Create(2, "whole", "create table ops.half (x int)")]);

        Assert.Equal(["whole"], result.Applied);
    }

    [Fact]
    public async Task MigrateAsync_ScriptChanged_IsRefused()
    {
        await Migrate(MigrationScript.All);

        var changed = MigrationScript.Create(1, First.Name, First.Sql + "\n-- changed");
        var fault = await Assert.ThrowsAsync<DispatchException>(
            () => Migrate([changed, .. MigrationScript.All.Skip(1)]));

        Assert.Equal(("schema.changed", ExitCode.Configuration), (fault.Code, fault.Exit));
    }

    [Fact]
    public async Task CheckAsync_OneVersionAhead_IsAccepted()
    {
        await Migrate([First, MigrationScript.Create(2, "next", "create table ops.expanded (x int)")]);

        await new Migrator(_database.Owner, [First]).CheckAsync(CancellationToken.None);
        Assert.Empty((await Migrate([First])).Applied);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Any_TwoVersionsAhead_IsRefused(bool migrate)
    {
        await Migrate([First, MigrationScript.Create(2, "a", "select 1"), MigrationScript.Create(3, "b", "select 1")]);

        var migrator = new Migrator(_database.Owner, [First]);
        var fault = await Assert.ThrowsAsync<DispatchException>(
            () =>
                migrate ? migrator.MigrateAsync(CancellationToken.None) : migrator.CheckAsync(CancellationToken.None));

        Assert.Equal(("schema.newer", ExitCode.Configuration), (fault.Code, fault.Exit));
    }

    [Fact]
    public async Task CheckAsync_EmptyDatabase_IsRefusedAndLeftAlone()
    {
        var migrator = new Migrator(_database.Owner, MigrationScript.All);

        var fault = await Assert.ThrowsAsync<DispatchException>(() => migrator.CheckAsync(CancellationToken.None));

        Assert.Equal(("schema.old", ExitCode.Configuration), (fault.Code, fault.Exit));
        Assert.True(await _database.QueryAsync<bool>("select to_regnamespace('dispatch') is null"));
    }

    Task<MigrationResult> Migrate(IReadOnlyList<MigrationScript> scripts) =>
        new Migrator(_database.Owner, scripts).MigrateAsync(CancellationToken.None);
}
