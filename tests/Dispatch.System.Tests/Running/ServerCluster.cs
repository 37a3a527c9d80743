using Npgsql;

namespace Dispatch.System.Tests.Running;

/// <summary>A PostgreSQL server that is not the program's own: several databases.</summary>
sealed class ServerCluster(string name)
{
    readonly string _folder = TestFolder.Create(name);
    readonly string _user = Environment.UserName == "root" ? "postgres" : Environment.UserName;
    string _bin = "";

    string Cluster => Path.Combine(_folder, "cluster");

    public async Task StartAsync()
    {
        var versions = Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(v => Path.GetFileName(v));
        _bin = Path.Combine(versions.First(), "bin");
        if (_user != Environment.UserName)
        {
            (await Command.RunAsync("chown", [_user, _folder])).Expect(0);
        }

        (await Run("initdb", "-D", Cluster, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C")).Expect(0);
        (await Run("pg_ctl", "-D", Cluster, "-w", "-l", Path.Combine(_folder, "log"), "-o",
            $"-k {_folder} -c listen_addresses=''", "start")).Expect(0);
    }

    /// <summary>A new database, empty; gives its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        (await Run("createdb", "-h", _folder, "-U", "postgres", name)).Expect(0);
        return ConnectionString(name, "postgres");
    }

    public string ConnectionString(string database, string user) =>
        $"Host={_folder};Database={database};Username={user}";

    /// <summary>Runs statements as the server's administrator.</summary>
    public async Task AdministerAsync(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database, "postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task StopAsync()
    {
        await Run("pg_ctl", "-D", Cluster, "-m", "immediate", "-w", "stop");
        TestFolder.Remove(_folder);
    }

    Task<CommandResult> Run(string tool, params string[] arguments) =>
        Command.RunAsAsync(_user, Path.Combine(_bin, tool), arguments);
}
