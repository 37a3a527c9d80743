using Dispatch.Worker.Database;
using Npgsql;

namespace Dispatch.Worker.Tests.Database;

public sealed class TrailTests : IAsyncLifetime
{
    const string Broken = """
        select count(*) from (
            select event_no, lag(event_no, 1, 0::bigint) over w as before_no, prev_hash, hash,
                   lag(hash, 1, decode(repeat('00', 32), 'hex')) over w as before_hash
            from dispatch.events window w as (order by event_no)
        ) e
        where event_no <> before_no + 1 or prev_hash <> before_hash
        """;

    readonly TestDatabase _database = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Insert_ManyAtOnce_MakeOneChainWithoutGap()
    {
        var before = await CountAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, 8), async (writer, ct) =>
        {
            for (var i = 0; i < 20; i++)
            {
                await using var connection = await _database.DataSource.OpenConnectionAsync(ct);
                await using var transaction = await connection.BeginTransactionAsync(ct);
                await Trail.NoteAsync(connection, $"w{writer}", "one", writer, "æøå", ct);
                await using var several = new NpgsqlCommand("""
                    insert into dispatch.events (actor, action, job_id, row_no, detail)
                    select 'many', 'three', 7, n, '' from generate_series(1, 3) n
                    """, connection);
                await several.ExecuteNonQueryAsync(ct);
                await (i % 4 == 0 ? transaction.RollbackAsync(ct) : transaction.CommitAsync(ct));
            }
        });

        Assert.Equal(before + (8 * 15 * 4), await CountAsync());
        Assert.Equal(0L, await _database.QueryAsync<long>(Broken));
        Assert.True(await _database.QueryAsync<bool>("""
            select (event_no, hash) = (select event_no, hash from dispatch.events order by event_no desc limit 1)
            from dispatch.trail_head
            """));
    }

    [Fact]
    public async Task Insert_OwnNumberTimeAndHash_AreNotTaken()
    {
        await _database.ExecuteAsync("""
            insert into dispatch.events (event_no, at, actor, action, prev_hash, hash)
            values (999, '2020-01-01', 'mallory', 'x', '\x00', '\x00')
            """);

        Assert.Equal(0L, await _database.QueryAsync<long>(Broken));
        Assert.Equal(0L, await _database.QueryAsync<long>(
            "select count(*) from dispatch.events where event_no = 999 or at < '2026-01-01' or length(hash) <> 32"));
    }

    [Theory]
    [InlineData("update dispatch.events set detail = 'x'")]
    [InlineData("delete from dispatch.events")]
    [InlineData("truncate dispatch.events")]
    [InlineData("set session_replication_role = replica; delete from dispatch.events")]
    public async Task Change_ByTheOwnerItself_IsRefused(string sql)
    {
        var before = await CountAsync();

        var fault = await Assert.ThrowsAsync<PostgresException>(() => _database.ExecuteAsync(sql));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, fault.SqlState);
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task Migration_EventsFromBefore_AreChained()
    {
        await using var old = TestDatabase.Empty();
        await old.InitializeAsync();
        var before = MigrationScript.All.TakeWhile(script => script.Name != "audit_trail").ToList();
        await new Migrator(old.Owner, before).MigrateAsync(default);
        await old.ExecuteAsync("""
            insert into dispatch.events (actor, action) select 'anna', 'old' from generate_series(1, 50);
            delete from dispatch.events where event_no % 7 = 0
            """);
        var events = await old.QueryAsync<long>("select count(*) from dispatch.events");

        await new Migrator(old.Owner, MigrationScript.All).MigrateAsync(default);

        Assert.Equal(0L, await old.QueryAsync<long>(Broken));
        Assert.True(await old.QueryAsync<long>("select count(*) from dispatch.events") > events);
    }

    Task<long> CountAsync() => _database.QueryAsync<long>("select count(*) from dispatch.events");
}
