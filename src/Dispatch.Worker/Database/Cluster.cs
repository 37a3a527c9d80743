using System.Globalization;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Npgsql;

namespace Dispatch.Worker.Database;

/// <summary>One PostgreSQL cluster on disk and its server. Callers see to it that one process at a time starts or stops
/// it.</summary>
sealed class Cluster
{
    const int QuickLooks = 40;

    static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan QuickPollPeriod = TimeSpan.FromMilliseconds(5);
    static readonly TimeSpan StopTimeout = TimeSpan.FromMinutes(5);

    readonly DatabaseSettings _settings;
    readonly ServerUser _user;
    readonly ServerPrograms _programs;
    readonly string _folder;
    readonly ServerProcess _process;

    Cluster(DatabaseSettings settings, ServerUser user, ServerPrograms programs, string folder, string socketFolder)
    {
        _settings = settings;
        _user = user;
        _programs = programs;
        _folder = folder;
        _process = new ServerProcess(user, folder);
        SocketFolder = socketFolder;
    }

    public string SocketFolder { get; }

    string StartLog => Path.Combine(_folder, "log", "start.log");

    /// <summary>Finds the data folder's cluster, or makes it.</summary>
    public static async Task<Cluster> OpenAsync(DispatchSettings settings, CancellationToken ct)
    {
        var user = ServerUser.Find();
        var folder = ClusterLocation.Find(settings.DataFolder);
        int? major = null;
        if (folder is not null)
        {
            user.DemandOwn(folder);
            major = int.Parse(
                await File.ReadAllTextAsync(Path.Combine(folder, "PG_VERSION"), ct), CultureInfo.InvariantCulture);
        }

        var programs = await ServerPrograms.FindAsync(major, ct);
        folder ??= await ClusterLocation.CreateAsync(
            settings.DataFolder, user, unfinished => InitializeAsync(unfinished, user, programs, ct), ct);
        var socketFolder = await ClusterLocation.PrepareSocketFolderAsync(folder, user, ct);
        return new Cluster(settings.Database, user, programs, folder, socketFolder);
    }

    /// <summary>Starts the server unless it runs, and makes what every later step takes for granted: roles,
    /// database.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(_settings.StartTimeout);
        try
        {
            while (!await AnswersAsync(limit.Token))
            {
                if (await _process.IsAliveAsync(limit.Token))
                {
                    await Task.Delay(PollPeriod, limit.Token);
                }
                else
                {
                    await LaunchAsync(limit.Token);
                }
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw NotStarted("did not answer in time");
        }

        await EmbeddedRoles.EnsureAsync(ConnectAs, ct);
    }

    public async Task StopAsync()
    {
        // Most commands leave the server little to do, and pg_ctl would look again after a tenth of a second only.
        if (!await StopsAtOnceAsync())
        {
            var seconds = ((int)StopTimeout.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            var exit = await AskToStopAsync("-w", "-t", seconds);
            if (exit != 0 && await _process.IsAliveAsync(CancellationToken.None))
            {
                var log = Path.Combine(_folder, "log");
                throw new DispatchException(
                    "database.stop", $"the database server did not stop; its log is in '{log}'", ExitCode.TryAgain);
            }
        }

        if (SocketFolder != _folder)
        {
            Directory.Delete(SocketFolder, recursive: true);
        }
    }

    public NpgsqlConnectionStringBuilder ConnectAs(string role, string database) => new()
    {
        Host = SocketFolder,
        Port = 5432,
        Username = role,
        Database = database,
        Options = "", // not what PGOPTIONS says
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    };

    static async Task InitializeAsync(string folder, ServerUser user, ServerPrograms programs, CancellationToken ct)
    {
        var exit = await user.RunAsync(
            programs.InitDb,
            [
                "-D", folder, "-U", ServerConfiguration.Superuser, "--encoding=UTF8", "--locale=C.UTF-8",
                "--data-checksums", "--auth=peer", "--no-instructions",
            ],
            ct);
        if (exit != 0)
        {
            throw new DispatchException(
                "database.initdb",
                string.Create(CultureInfo.InvariantCulture, $"'{programs.InitDb}' ended with {exit} while")
                + $" it made the cluster '{folder}'; look for a full disk or a missing locale C.UTF-8",
                ExitCode.Configuration);
        }
    }

    async Task<bool> StopsAtOnceAsync()
    {
        await AskToStopAsync("-W");
        for (var look = 0; look < QuickLooks; look++)
        {
            if (!_process.HasId)
            {
                return true;
            }

            await Task.Delay(QuickPollPeriod);
        }

        return false;
    }

    Task<int> AskToStopAsync(params string[] waiting) => _user.RunAsync(
        _programs.PgCtl, ["stop", "-D", _folder, "-m", "fast", .. waiting], CancellationToken.None);

    async Task<bool> AnswersAsync(CancellationToken ct)
    {
        var builder = ConnectAs(ServerConfiguration.Superuser, "postgres");
        builder.Pooling = false;
        try
        {
            await using var connection = new NpgsqlConnection(builder.ConnectionString);
            await connection.OpenAsync(ct);
            return true;
        }
        catch (PostgresException e) when (e.SqlState != PostgresErrorCodes.CannotConnectNow)
        {
            throw DatabaseFault.From(e);
        }
        catch (NpgsqlException)
        {
            return false; // nobody listens, or it is starting, recovering or shutting down
        }
    }

    async Task LaunchAsync(CancellationToken ct)
    {
        await _process.ForgetDeadAsync(ct);
        await WriteConfigurationAsync(ct);
        var seconds = ((int)_settings.StartTimeout.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var exit = await _user.RunAsync(
            _programs.PgCtl, ["start", "-D", _folder, "-l", StartLog, "-w", "-t", seconds], ct);
        if (exit != 0)
        {
            throw NotStarted(string.Create(CultureInfo.InvariantCulture, $"did not start (pg_ctl ended with {exit})"));
        }
    }

    async Task WriteConfigurationAsync(CancellationToken ct)
    {
        var logFolder = Path.Combine(_folder, "log");
        Directory.CreateDirectory(logFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _user.TakeOver(logFolder);

        var hasLz4 = await _user.RunAsync(
            _programs.Postgres, ["-D", _folder, "-c", "wal_compression=lz4", "-C", "wal_compression"], ct) == 0;
        var sharedBuffersMiB = _settings.SharedBuffersMiB > 0
            ? _settings.SharedBuffersMiB
            : ServerConfiguration.SharedBuffersMiB(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        await WriteAsync(
            "postgresql.conf", ServerConfiguration.Server(SocketFolder, sharedBuffersMiB, hasLz4 ? "lz4" : "on"), ct);
        await WriteAsync("pg_hba.conf", ServerConfiguration.HostAccess(), ct);
        await WriteAsync("pg_ident.conf", ServerConfiguration.UserMap(Environment.UserName), ct);
    }

    async Task WriteAsync(string name, string text, CancellationToken ct)
    {
        var path = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(path + ".new", text, ct);
        _user.TakeOver(path + ".new");
        File.Move(path + ".new", path, overwrite: true);
    }

    DispatchException NotStarted(string what) => new(
        "database.start", $"the database server of '{_folder}' {what}; its log is '{StartLog}' and the files beside it",
        ExitCode.TryAgain);
}
