using Dispatch.Worker.Database;
using Npgsql;

namespace Dispatch.Worker.Tests.Database;

public sealed class RoleDataSourceTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Open_AgainAndAgain_KeepsTheRole()
    {
        await using var source = database.As(DatabaseRoles.Worker, 1);
        var backends = new HashSet<int>();
        for (var i = 0; i < 5; i++)
        {
            await using var connection = await source.OpenConnectionAsync();
            backends.Add(connection.ProcessID);
            Assert.Equal((DatabaseRoles.Worker, EmbeddedRoles.Owner), await WhoAsync(connection));

            // Prepared statements make a pool reset its connections in another way.
            await using var prepared = new NpgsqlCommand("select 1", connection);
            await prepared.PrepareAsync();
        }

        Assert.Single(backends);
    }

    [Theory]
    [InlineData("reset role")]
    [InlineData("reset all")]
    [InlineData("discard all")]
    [InlineData("set session authorization default")]
    [InlineData("begin; set local role dispatch_reader; rollback")]
    public async Task Open_AfterAReset_LeadsBackToTheRole(string sql)
    {
        await using var source = database.As(DatabaseRoles.Worker, 1);
        await using (var connection = await source.OpenConnectionAsync())
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }

        await using var again = await source.OpenConnectionAsync();
        Assert.Equal(DatabaseRoles.Worker, (await WhoAsync(again)).Current);
        await using var owners = new NpgsqlCommand("create table dispatch.by_accident (x int)", again);
        var fault = await Assert.ThrowsAsync<PostgresException>(() => owners.ExecuteNonQueryAsync());
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, fault.SqlState);
    }

    [Fact]
    public async Task Create_OptionsOfTheLogin_AreKept()
    {
        var login = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Options = "-c work_mem=7MB" };
        await using var source = RoleDataSource.Create(login, DatabaseRoles.Reader, 1);
        await using var command = source.CreateCommand("select current_user || ' ' || current_setting('work_mem')");

        Assert.Equal("dispatch_reader 7MB", await command.ExecuteScalarAsync());
    }

    static async Task<(string Current, string Session)> WhoAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("select current_user::text, session_user::text", connection);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.GetString(0), row.GetString(1));
    }
}
