using Dispatch.System.Tests.Running;
using Npgsql;

namespace Dispatch.System.Tests.Server;

/// <summary>PgBouncer before a server, on a Unix socket.</summary>
sealed class Pooler : IAsyncDisposable
{
    public const string Program = "/usr/sbin/pgbouncer";

    const int Port = 6432;

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    readonly string _folder = TestFolder.Create("pooler");
    RunningCommand? _running;

    public string ConnectionString(string database) =>
        $"Host={_folder};Port={Port};Database={database};Username=postgres";

    /// <param name="socket">Path of the server's socket.</param>
    /// <param name="mode">As of <c>pool_mode</c>.</param>
    /// <param name="ignored">What it drops of that with which a session is opened.</param>
    public async Task StartAsync(string socket, string mode, string ignored)
    {
        var settings = Path.Combine(_folder, "pgbouncer.ini");
        var users = Path.Combine(_folder, "users");
        await File.WriteAllTextAsync(users, "\"postgres\" \"\"\n");
        await File.WriteAllTextAsync(settings, $"""
            [databases]
            * = host={Path.GetDirectoryName(socket)} port=5432
            [pgbouncer]
            unix_socket_dir = {_folder}
            listen_port = {Port}
            auth_type = trust
            auth_file = {users}
            pool_mode = {mode}
            ignore_startup_parameters = {ignored}
            """);
        var user = Environment.UserName == "root" ? "postgres" : Environment.UserName;
        (await Command.RunAsync("chown", ["-R", user, _folder])).Expect(0);
        _running = user == Environment.UserName
            ? RunningCommand.Start(Program, [settings])
            : RunningCommand.Start("runuser", ["-u", user, "--", Program, settings]);
        await Until.TrueAsync("the pooler's start", Limit, AnswersAsync);
    }

    public async ValueTask DisposeAsync()
    {
        if (_running is not null)
        {
            await _running.SignalAsync("TERM");
            await _running.EndAsync(Limit);
            _running.Dispose();
        }

        TestFolder.Remove(_folder);
    }

    async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return _running!.HasEnded ? throw new InvalidOperationException("The pooler did not start.") : false;
        }
    }
}
