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

    /// <summary>Connections as the program has them: under the rights of the worker.</summary>
    public NpgsqlDataSource DataSource { get; private set; } = null!;

    /// <summary>Connections of the owner, for what a test arranges and looks at.</summary>
    public NpgsqlDataSource Owner { get; private set; } = null!;

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
        Owner = NpgsqlDataSource.Create(builder);
        DataSource = RoleDataSource.Create(builder, DatabaseRoles.Worker, builder.MaxPoolSize);
    }

    public async Task DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await Owner.DisposeAsync();
        await RunAsSuperuserAsync(await TestServer.GetAsync(), $"drop database {_name} with (force)");
    }

    /// <summary>Connections as another of the program's roles.</summary>
    public NpgsqlDataSource As(string role, int poolSize) =>
        RoleDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionString), role, poolSize);

    /// <summary>Runs a statement as the owner.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var command = Owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Runs a query as the owner, for its one value.</summary>
    public async Task<T> QueryAsync<T>(string sql)
    {
        await using var command = Owner.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A connection with every right; closed with the test.</summary>
    public async Task<NpgsqlConnection> OpenAsSuperuserAsync()
    {
        var builder = (await TestServer.GetAsync()).ConnectAs(ServerConfiguration.Superuser, _name);
        builder.Pooling = false;
        var connection = new NpgsqlConnection(builder.ConnectionString);
        await connection.OpenAsync();
        return connection;
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
