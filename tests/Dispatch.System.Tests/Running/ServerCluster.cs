using Npgsql;

namespace Dispatch.System.Tests.Running;

/// <summary>A PostgreSQL server that is not the program's own: several databases.</summary>
sealed class ServerCluster(string name)
{
    readonly string _folder = TestFolder.Create(name);
    readonly string _user = Environment.UserName == "root" ? "postgres" : Environment.UserName;
    string _bin = "";

    /// <summary>Names its socket; with TLS it listens there on loopback too.</summary>
    public int Port { get; init; } = 5432;

    string Cluster => Path.Combine(_folder, "cluster");

    /// <param name="keys">Folder of <c>server.crt</c> and <c>server.key</c>; null = a Unix socket only.</param>
    public async Task StartAsync(string? keys = null)
    {
        var versions = Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(v => Path.GetFileName(v));
        _bin = Path.Combine(versions.First(), "bin");
        if (_user != Environment.UserName)
        {
            (await Command.RunAsync("chown", [_user, _folder])).Expect(0);
        }

        (await Run("initdb", "-D", Cluster, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C")).Expect(0);
        var listen = "-c listen_addresses=''";
        if (keys is not null)
        {
            foreach (var file in new[] { "server.crt", "server.key" })
            {
                (await Command.RunAsync("install", ["-o", _user, "-m", "600", Path.Combine(keys, file), Cluster])).Expect(0);
            }

            listen = "-c listen_addresses=localhost -c ssl=on";
        }

        (await Run("pg_ctl", "-D", Cluster, "-w", "-l", Path.Combine(_folder, "log"), "-o",
            $"-k {_folder} -p {Port} {listen}", "start")).Expect(0);
    }

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

    Task<CommandResult> Run(string tool, params string[] arguments) =>
        Command.RunAsAsync(_user, Path.Combine(_bin, tool), arguments);
}
