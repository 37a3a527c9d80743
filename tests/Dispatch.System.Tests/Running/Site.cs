using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace Dispatch.System.Tests.Running;

/// <summary>One installation as its operator has it: a data folder, with the embedded server or with another.</summary>
sealed class Site
{
    static readonly TimeSpan CommandTimeout = TimeSpan.FromMinutes(3);
    static readonly TimeSpan ServerTimeout = TimeSpan.FromSeconds(30);

    readonly string? _connectionString;
    readonly string? _user;
    readonly EmbeddedServer _server;

    /// <param name="name">Of its folder.</param>
    /// <param name="connectionString">Of the server to use; null = the embedded one.</param>
    /// <param name="user">Who runs the program; null = who runs the tests.</param>
    public Site(string name, string? connectionString = null, string? user = null)
    {
        _connectionString = connectionString;
        _user = user;
        Folder = TestFolder.Create(name);
        _server = new(Data);
    }

    /// <summary>Of this installation; job folders may lie in it beside the data folder.</summary>
    public string Folder { get; }

    /// <summary>What else is in the environment of its commands.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Programs and their arguments that become or start the program: <c>env --chdir=/tmp</c>,
    /// <c>strace</c>.</summary>
    public IReadOnlyList<string> Launcher { get; set; } = [];

    public string Data => Path.Combine(Folder, "data");

    public string Outbox => Path.Combine(Data, "outbox");

    public async Task<CommandResult> RunAsync(params string[] arguments)
    {
        using var running = await StartAsync(arguments);
        return await running.EndAsync(CommandTimeout);
    }

    /// <summary>With something on its standard input.</summary>
    public async Task<CommandResult> RunWithInputAsync(string input, params string[] arguments)
    {
        using var running = RunningCommand.Start(await PublishedProgram.PathAsync, arguments, Environment(), input);
        return await running.EndAsync(CommandTimeout);
    }

    /// <summary>The same, by somebody else at the keyboard, who became root to do it.</summary>
    public async Task<CommandResult> RunAsAsync(string operatorName, params string[] arguments)
    {
        var environment = Environment();
        environment["SUDO_USER"] = operatorName;
        using var running = RunningCommand.Start(await PublishedProgram.PathAsync, arguments, environment);
        return await running.EndAsync(CommandTimeout);
    }

    public async Task<RunningCommand> StartAsync(params string[] arguments)
    {
        var program = await PublishedProgram.PathAsync;
        if (Launcher.Count > 0)
        {
            string[] launched = [.. Launcher.Skip(1), await CopyAsync(program), .. arguments];
            return RunningCommand.Start(Launcher[0], launched, Environment());
        }

        return _user is null
            ? RunningCommand.Start(program, arguments, Environment())
            : RunningCommand.Start(
                "runuser", ["-u", _user, "--", await CopyAsync(program), .. arguments], Environment());
    }

    public async Task<NpgsqlConnection> OpenAsync(string role = "dispatch_auditor")
    {
        using var limit = new CancellationTokenSource(ServerTimeout);
        while (true)
        {
            try
            {
                var connection = new NpgsqlConnection(_connectionString is null
                    ? $"Host={await _server.SocketAsync()};Database=dispatch;Username={role};Pooling=false"
                    : $"{_connectionString};Options=-c role={role};Pooling=false");
                await connection.OpenAsync(limit.Token);
                return connection;
            }
            catch (Exception fault) when (
                _connectionString is null && fault is NpgsqlException { IsTransient: true } or IOException)
            {
                // A command that ended or was killed a moment ago may have the server still starting or stopping.
                await Task.Delay(TimeSpan.FromMilliseconds(100), limit.Token);
            }
        }
    }

    /// <summary>All rows of a query, as text; null stays null.</summary>
    public Task<List<string?[]>> QueryAsync(string sql, params object[] values) =>
        QueryAsAsync("dispatch_auditor", sql, values);

    /// <summary>The same, as another role.</summary>
    public async Task<List<string?[]>> QueryAsAsync(string role, string sql, params object[] values)
    {
        await using var connection = await OpenAsync(role);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string?[]>();
        while (await reader.ReadAsync())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i)
                ? null
                : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))]);
        }

        return rows;
    }

    /// <summary>The embedded database as pg_dump writes it.</summary>
    public async Task<string> DumpAsync(params string[] options)
    {
        var socket = await _server.SocketAsync();
        var dump = await Command.RunAsync("pg_dump", ["-h", socket, "-U", "dispatch", "-d", "dispatch", .. options]);
        return dump.Expect(0).Output;
    }

    /// <summary>The id of a job named as an operator names it: SENDERCVR/REFERENCE.</summary>
    public async Task<int> JobIdAsync(string key)
    {
        var parts = key.Split('/');
        var rows = await QueryAsync(
            "select job_id from ops.jobs where sender_cvr = $1 and reference = $2", parts[0], parts[1]);
        return int.Parse(Assert.Single(rows)[0]!, CultureInfo.InvariantCulture);
    }

    public async Task<string?> StateAsync(string key) =>
        (await QueryAsync("select state from ops.jobs where job_id = $1", await JobIdAsync(key)))[0][0];

    public async Task<JsonElement> ReportAsync(string key) => JsonDocument.Parse(
        await File.ReadAllTextAsync(Path.Combine(await ReportsAsync(key), "report.json"))).RootElement;

    public async Task<string> ReportsAsync(string key) =>
        Path.Combine(Data, "reports", (await JobIdAsync(key)).ToString(CultureInfo.InvariantCulture));

    /// <summary>Stops the embedded server should it still run, so that its files may be copied or removed.</summary>
    public Task StopAsync() => _server.StopAsync();

    /// <summary>Takes the installation away.</summary>
    public async Task CloseAsync()
    {
        await StopAsync();
        TestFolder.Remove(Folder);
    }

    /// <summary>A copy that another user can read; the original may lie in somebody's home.</summary>
    async Task<string> CopyAsync(string program)
    {
        var copy = Path.Combine(Folder, "program");
        if (!Directory.Exists(copy))
        {
            (await Command.RunAsync("cp", ["-r", Path.GetDirectoryName(program)!, copy])).Expect(0);
        }

        return Path.Combine(copy, Path.GetFileName(program));
    }

    Dictionary<string, string> Environment()
    {
        var environment = new Dictionary<string, string>
        {
            ["DISPATCH_DATA"] = Data,
            ["DISPATCH_Database__ConnectionString"] = _connectionString ?? "",
            // Who may send has tests of its own.
            ["DISPATCH_Dispatch__OpenSenders"] = "true",
            // Hundreds of short runs: measuring code to optimise it later costs a quarter of their time.
            ["DOTNET_TieredPGO"] = "0",
            ["DOTNET_EnableWriteXorExecute"] = "0",
        };
        if (_user is not null)
        {
            environment["HOME"] = Folder;
        }

        foreach (var (name, value) in Variables)
        {
            environment[name] = value;
        }

        return environment;
    }
}
