using Dispatch.Worker.Database;
using Npgsql;

namespace Dispatch.Worker.Tests;

/// <summary>
/// A migrated database for one test or one class, dropped afterwards. For one a test, hold it in a field and hand
/// <see cref="IAsyncLifetime"/> on; for one a class, make it an <c>IClassFixture</c>.
/// </summary>
public sealed class TestDatabase : IAsyncLifetime
{
    readonly string _name = $"test_{Guid.NewGuid():N}";
    readonly string _template;

    public TestDatabase()
        : this(EmbeddedRoles.Database)
    {
    }

    TestDatabase(string template) => _template = template;

    /// <summary>Connects as the role <c>dispatch</c>, which owns the database.</summary>
    public NpgsqlDataSource DataSource { get; private set; } = null!;

    /// <summary>For a process under test: <c>DISPATCH_Database__ConnectionString</c>.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>A database without any schema.</summary>
    public static TestDatabase Empty() => new("template0");

    public async Task InitializeAsync()
    {
        var server = await TestServer.GetAsync();
        await RunAsSuperuserAsync(server, $"create database {_name} template {_template} owner {EmbeddedRoles.Owner}");
        var builder = server.ConnectAs(EmbeddedRoles.Owner, _name);
        builder.CommandTimeout = 120;
        ConnectionString = builder.ConnectionString;
        DataSource = NpgsqlDataSource.Create(builder);
    }

    public async Task DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await RunAsSuperuserAsync(await TestServer.GetAsync(), $"drop database {_name} with (force)");
    }

    /// <summary>Runs a statement.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Runs a query for its one value.</summary>
    public async Task<T> QueryAsync<T>(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    static async Task RunAsSuperuserAsync(EmbeddedServer server, string sql)
    {
        var builder = server.ConnectAs(ServerConfiguration.Superuser, "postgres");
        builder.CommandTimeout = 120;
        await using var connection = new NpgsqlConnection(builder.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
