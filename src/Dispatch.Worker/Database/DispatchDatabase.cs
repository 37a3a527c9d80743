using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Npgsql;

namespace Dispatch.Worker.Database;

/// <summary>
/// The one database of a process: the embedded server's or an external one's. Past opening there is no difference. The
/// login of the connection string is used to look at the server and to migrate; afterwards each data source works under
/// the rights of its role.
/// </summary>
sealed class DispatchDatabase : IAsyncDisposable
{
    /// <summary>One connection in so many is the readers'.</summary>
    const int ReaderPoolShare = 8;

    /// <summary>Nothing that uses the login itself does two things at once, but for the look for a pooler.</summary>
    const int LoginPoolSize = 2;

    readonly EmbeddedServer? _embedded;
    readonly NpgsqlConnectionStringBuilder _login;

    DispatchDatabase(NpgsqlConnectionStringBuilder login, int poolSize, EmbeddedServer? embedded)
    {
        var readers = Math.Max(1, poolSize / ReaderPoolShare);
        DataSource = RoleDataSource.Create(login, DatabaseRoles.Worker, poolSize - readers);
        Reader = RoleDataSource.Create(login, DatabaseRoles.Reader, readers);
        (_embedded, _login) = (embedded, login);
    }

    /// <summary>As <see cref="DatabaseRoles.Worker"/>.</summary>
    public NpgsqlDataSource DataSource { get; }

    /// <summary>As <see cref="DatabaseRoles.Reader"/>.</summary>
    public NpgsqlDataSource Reader { get; }

    /// <summary>What opening did to the schema; null when it was only checked.</summary>
    public MigrationResult? Migration { get; private init; }

    /// <summary>True when the server is another machine's and need not prove that it is the one meant.</summary>
    public bool IsUnverified => ServerProof.IsMissing(_login);

    /// <summary>True when the server is the data folder's own.</summary>
    public bool IsEmbedded => _embedded is not null;

    /// <summary>True when the connection string is a superuser's: what it may do then, no role bounds.</summary>
    public bool IsSuperuser { get; private init; }

    /// <summary>Opens the database; the embedded server is started when needed, and its schema is always brought up to
    /// date.</summary>
    /// <param name="migrate">Bring an external server's roles and schema up to date too; else old ones are
    /// refused.</param>
    /// <exception cref="DispatchException">
    /// <c>database.unreachable</c> (75), <c>database.login</c>, <c>database.settings</c>, <c>database.roles</c>,
    /// <c>database.schema</c>, <c>database.pooler</c> … (78).
    /// </exception>
    public static async Task<DispatchDatabase> OpenAsync(DispatchSettings settings, bool migrate, CancellationToken ct)
    {
        var embedded = settings.Database.ConnectionString.Length == 0
            ? await EmbeddedServer.StartAsync(settings, ct)
            : null;
        try
        {
            var login = Login(settings.Database, embedded);
            await using var source = NpgsqlDataSource.Create(
                new NpgsqlConnectionStringBuilder(login.ConnectionString) { MaxPoolSize = LoginPoolSize });
            if (embedded is null)
            {
                // Before anything is made: the lock of a migration must hold, too.
                await PoolerCheck.RunAsync(source, role: null, ct);
            }

            var isSuperuser = await ServerCheck.RunAsync(source, ct);
            var migration = await PrepareAsync(source, migrate || embedded is not null, ct);
            var database = new DispatchDatabase(login, settings.Database.PoolSize, embedded)
            {
                Migration = migration,
                IsSuperuser = isSuperuser,
            };
            await (embedded is null ? database.CheckSessionsAsync(ct) : Task.CompletedTask);
            return database;
        }
        catch (Exception e)
        {
            await (embedded?.DisposeAsync() ?? ValueTask.CompletedTask);
            if (e is NpgsqlException fault)
            {
                throw DatabaseFault.From(fault);
            }

            throw;
        }
    }

    /// <summary>How <c>Database:ConnectionString</c> logs in, or the embedded server's owner.</summary>
    /// <exception cref="DispatchException"><c>settings.invalid</c>, exit 78.</exception>
    public static NpgsqlConnectionStringBuilder Login(DatabaseSettings settings, EmbeddedServer? embedded = null)
    {
        var builder = embedded?.ConnectAs(EmbeddedRoles.Owner, EmbeddedRoles.Database) ?? Parse(
            settings.ConnectionString);
        builder.ApplicationName ??= "dispatch";
        builder.IncludeErrorDetail = false; // details quote values of rows
        builder.LogParameters = false;
        builder.Timezone = "UTC";
        builder.TcpKeepAlive = true;
        if (!builder.ShouldSerialize("Command Timeout"))
        {
            builder.CommandTimeout = 0; // loading a nation or building its index takes the time it takes
        }

        return builder;
    }

    /// <summary>More connections as <see cref="DatabaseRoles.Worker"/>, for what must not wait for the
    /// others.</summary>
    /// <param name="patience">As of <see cref="RoleDataSource.Create"/>.</param>
    public NpgsqlDataSource CreatePool(int size, TimeSpan patience) =>
        RoleDataSource.Create(_login, DatabaseRoles.Worker, size, patience);

    /// <summary>Closes all connections; stops the embedded server when this process is its last user.</summary>
    public async ValueTask DisposeAsync()
    {
        await Reader.DisposeAsync();
        await DataSource.DisposeAsync();
        if (_embedded is not null)
        {
            await _embedded.DisposeAsync();
        }
    }

    async Task CheckSessionsAsync(CancellationToken ct)
    {
        try
        {
            await PoolerCheck.RunAsync(DataSource, DatabaseRoles.Worker, ct);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    static async Task<MigrationResult?> PrepareAsync(NpgsqlDataSource login, bool migrate, CancellationToken ct)
    {
        // First the roles: without them a login may not even be able to see the schema.
        await DatabaseRoles.EnsureAsync(login, mayMake: migrate, ct);
        var migrator = new Migrator(login, MigrationScript.All);
        if (migrate)
        {
            return await migrator.MigrateAsync(ct);
        }

        await migrator.CheckAsync(ct);
        return null;
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
