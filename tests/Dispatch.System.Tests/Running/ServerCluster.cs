using Npgsql;

namespace Dispatch.System.Tests.Running;

/// <summary>A PostgreSQL server that is not the program's own: several databases.</summary>
sealed class ServerCluster(string name)
{
    readonly string _folder = TestFolder.Create(name);
    readonly string _user = Environment.UserName == "root" ? "postgres" : Environment.UserName;
    string _bin = "";
    string _listen = "-c listen_addresses=''";
    string _settings = "";
    string? _logFolder;

    /// <summary>All of the server's files; a disk of its own may be put there before the start.</summary>
    public string Folder => _folder;

    /// <summary>Where it listens.</summary>
    public string Socket => Path.Combine(_folder, ".s.PGSQL.5432");

    /// <summary>Names its socket; with TLS it listens there on loopback too.</summary>
    public int Port { get; init; } = 5432;

    /// <summary>The server's log goes into a folder apart from the rest; gives its path.</summary>
    public string UseLogFolder() => _logFolder = Path.Combine(_folder, "wal");

    string Cluster => Path.Combine(_folder, "cluster");

    /// <param name="keys">Folder of <c>server.crt</c> and <c>server.key</c>; null = a Unix socket only.</param>
    /// <param name="settings">Of the server, as <c>-c name=value</c>.</param>
    public async Task StartAsync(string? keys = null, string settings = "")
    {
        _settings = settings;
        var versions = Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(v => Path.GetFileName(v));
        _bin = Path.Combine(versions.First(), "bin");
        if (_user != Environment.UserName)
        {
            (await Command.RunAsync("chown", [_user, _folder, .. _logFolder is null ? [] : new[] { _logFolder }]))
                .Expect(0);
        }

        string[] apart = _logFolder is null ? [] : [$"--waldir={_logFolder}"];
        (await Run(
            "initdb", ["-D", Cluster, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", .. apart]))
            .Expect(0);
        if (keys is not null)
        {
            foreach (var file in new[] { "server.crt", "server.key" })
            {
                (await Command.RunAsync("install", ["-o", _user, "-m", "600", Path.Combine(keys, file), Cluster]))
                    .Expect(0);
            }

            _listen = "-c listen_addresses=localhost -c ssl=on";
        }

        (await TryStartServerAsync()).Expect(0);
    }

    /// <summary>Starts the server of a cluster that is there; it may not be able to.</summary>
    /// <param name="under">Programs and their arguments that start its starter: <c>env NAME=VALUE</c>.</param>
    public Task<CommandResult> TryStartServerAsync(params string[] under) => RunUnder(
        under, "pg_ctl", "-D", Cluster, "-w", "-l", Path.Combine(_folder, "log"), "-o",
        $"-k {_folder} -p {Port} {_listen} {_settings}", "start");

    /// <summary>Stops the server and keeps the cluster.</summary>
    /// <param name="mode">As of <c>pg_ctl stop -m</c>; <c>immediate</c> is a crash.</param>
    public async Task StopServerAsync(string mode) =>
        (await Run("pg_ctl", "-D", Cluster, "-m", mode, "-w", "stop")).Expect(0);

    /// <summary>Process id of the server's head, as its file has it.</summary>
    public async Task<string> HeadAsync() =>
        (await File.ReadAllLinesAsync(Path.Combine(Cluster, "postmaster.pid")))[0];

    /// <summary>A new database, empty; gives its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        (await Run("createdb", "-h", _folder, "-p", $"{Port}", "-U", "postgres", name)).Expect(0);
        return ConnectionString(name, "postgres");
    }

    public string ConnectionString(string database, string user) =>
        $"Host={_folder};Port={Port};Database={database};Username={user}";

    /// <summary>Runs statements as the server's administrator.</summary>
    public async Task AdministerAsync(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database, "postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A database as pg_dump writes it.</summary>
    public async Task<string> DumpAsync(string database, params string[] options) => (await Run(
        "pg_dump", ["-h", _folder, "-p", $"{Port}", "-U", "postgres", "-d", database, .. options])).Expect(0).Output;

    public async Task StopAsync()
    {
        await Run("pg_ctl", "-D", Cluster, "-m", "immediate", "-w", "stop");
        TestFolder.Remove(_folder);
    }

    Task<CommandResult> Run(string tool, params string[] arguments) => RunUnder([], tool, arguments);

    Task<CommandResult> RunUnder(string[] under, string tool, params string[] arguments)
    {
        string[] command = [.. under, Path.Combine(_bin, tool), .. arguments];
        return Command.RunAsAsync(_user, command[0], command[1..]);
    }
}
