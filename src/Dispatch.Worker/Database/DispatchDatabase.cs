using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Npgsql;

namespace Dispatch.Worker.Database;

/// <summary>
/// The one database of a process: the embedded server's or an external one's. Past opening there is no difference.
/// </summary>
sealed class DispatchDatabase : IAsyncDisposable
{
    readonly EmbeddedServer? _embedded;

    DispatchDatabase(NpgsqlDataSource dataSource, EmbeddedServer? embedded)
    {
        DataSource = dataSource;
        _embedded = embedded;
    }

    public NpgsqlDataSource DataSource { get; }

    /// <summary>What opening did to the schema; null when it was only checked.</summary>
    public MigrationResult? Migration { get; private set; }

    /// <summary>True when the server is the data folder's own.</summary>
    public bool IsEmbedded => _embedded is not null;

    /// <summary>Opens the database; the embedded server is started when needed, and its schema is always brought up to date.</summary>
    /// <param name="migrate">Bring an external server's schema up to date too; else an old one is refused.</param>
    /// <exception cref="DispatchException">
    /// <c>database.unreachable</c> (75), <c>database.login</c>, <c>database.settings</c>, <c>database.schema</c> … (78).
    /// </exception>
    public static async Task<DispatchDatabase> OpenAsync(DispatchSettings settings, bool migrate, CancellationToken ct)
    {
        var embedded = settings.Database.ConnectionString.Length == 0
            ? await EmbeddedServer.StartAsync(settings, ct)
            : null;
        DispatchDatabase? database = null;
        try
        {
            database = new DispatchDatabase(CreateDataSource(settings.Database, embedded), embedded);
            await ServerCheck.RunAsync(database.DataSource, ct);
            var migrator = new Migrator(database.DataSource, MigrationScript.All);
            if (migrate || embedded is not null)
            {
                database.Migration = await migrator.MigrateAsync(ct);
            }
            else
            {
                await migrator.CheckAsync(ct);
            }

            return database;
        }
        catch (Exception e)
        {
            await (database?.DisposeAsync() ?? embedded?.DisposeAsync() ?? ValueTask.CompletedTask);
            if (e is NpgsqlException fault)
            {
                throw DatabaseFault.From(fault);
            }

            throw;
        }
    }

    /// <summary>Closes all connections; stops the embedded server when this process is its last user.</summary>
    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        if (_embedded is not null)
        {
            await _embedded.DisposeAsync();
        }
    }

    static NpgsqlDataSource CreateDataSource(DatabaseSettings settings, EmbeddedServer? embedded)
    {
        var builder = embedded?.ConnectAs(EmbeddedRoles.Owner, EmbeddedRoles.Database) ?? Parse(settings.ConnectionString);
        builder.MaxPoolSize = settings.PoolSize;
        builder.ApplicationName ??= "dispatch";
        builder.IncludeErrorDetail = false; // details quote values of rows
        builder.LogParameters = false;
        builder.Timezone = "UTC";
        builder.TcpKeepAlive = true;
        if (!builder.ShouldSerialize("Command Timeout"))
        {
            builder.CommandTimeout = 0; // loading a nation or building its index takes the time it takes
        }

        return new NpgsqlDataSourceBuilder(builder.ConnectionString).Build();
    }

    // The parser's message may quote a part of the string, and so of the password.
    static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            throw new DispatchException(
                "settings.invalid", "Database:ConnectionString is not an Npgsql connection string such as"
                + " 'Host=db.example;Database=dispatch;Username=dispatch'; see docs/configuration.md",
                ExitCode.Configuration);
        }
    }
}
