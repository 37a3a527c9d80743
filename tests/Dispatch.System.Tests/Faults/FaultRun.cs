using System.Globalization;
using System.Net.Sockets;
using Dispatch.System.Tests.Cluster;
using Dispatch.System.Tests.Oracle;
using Dispatch.System.Tests.Running;
using Npgsql;

namespace Dispatch.System.Tests.Faults;

/// <summary>One installation under a fault: two workers, a job, and the line to the database between them.</summary>
sealed class FaultRun : IAsyncDisposable
{
    /// <summary>Leases of 3 s three times over, and what a slow machine needs to do one batch again.</summary>
    public static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(120);

    static readonly string[] SmallParts = ["Dispatching:ChunkRows=100", "Printing:BatchPiecesMax=40"];

    FaultRun(FaultWorld world, Site site, ServerLine line, string database, int seed, IReadOnlyList<string> settings)
    {
        (World, Site, Line, Database, Random) = (world, site, line, database, new(seed));
        Expected = world.Expected;
        Workers = new(site, [
            .. "Worker:Lease=00:00:03 Dispatching:ShardChunks=4 Worker:DiskFreeMiBMin=1".Split(' '),
            .. SmallParts, .. settings]);
    }

    public FaultWorld World { get; }

    public Site Site { get; }

    public Workers Workers { get; }

    public ServerLine Line { get; }

    public string Database { get; }

    public Random Random { get; }

    public string Key => World.Order.Key;

    /// <summary>Where batches lie before they are handed off.</summary>
    public string Staging => Path.Combine(Site.Data, "spool", "print");

    /// <summary>What must come of each row.</summary>
    public Verdict[] Expected { get; set; }

    public int Rows => World.Expected.Length;

    /// <param name="template">Data folder to begin with.</param>
    public static async Task<FaultRun> OpenAsync(
        FaultWorld world, string template, string database, int seed, IReadOnlyList<string> settings)
    {
        var line = ServerLine.Open(new UnixDomainSocketEndPoint(world.Cluster.Socket));
        var site = new Site(database, world.Cluster.ConnectionString(database, "postgres"))
        {
            Variables = new Dictionary<string, string>
            {
                ["DISPATCH_Database__ConnectionString"] =
                    $"Host=127.0.0.1;Port={line.Port};Database={database};Username=postgres",
            },
        };
        (await Command.RunAsync("cp", ["-a", template, site.Data])).Expect(0);
        return new(world, site, line, database, seed, settings);
    }

    public Task<CommandResult> SubmitAsync() => Site.RunAsync(["submit", World.Job, "--set", SmallParts[0]]);

    /// <summary>Waits until so many rows are decided, or the job is past that.</summary>
    public Task DecidedAsync(int rows) => Until.TrueAsync(
        $"{rows} decided rows", EndLimit,
        async () => await CountAsync("select count(*) from ops.effects") >= rows || await IsCompletedAsync());

    /// <summary>A random moment of the time in which rows are decided.</summary>
    public Task SomewhereAsync(double from = 0, double to = 0.6) =>
        DecidedAsync((int)(Rows * (from + (Random.NextDouble() * (to - from)))));

    /// <summary>Waits until so many batches are handed off, or the job is completed.</summary>
    public Task HandedOffAsync(int batches) => Until.TrueAsync(
        $"{batches} batches", EndLimit, async () => await IsCompletedAsync()
            || await CountAsync("select count(*) from ops.print_batches where state = 'handed_off'") >= batches);

    public async Task<bool> IsCompletedAsync() =>
        await CountAsync("select count(*) from ops.jobs where state = 'completed'") > 0;

    /// <summary>A number of the database; -1 while that does not answer.</summary>
    public async Task<long> CountAsync(string sql, string role = "dispatch_auditor")
    {
        try
        {
            var text = (await Site.QueryAsAsync(role, sql))[0][0];
            return long.Parse(text!, CultureInfo.InvariantCulture);
        }
        catch (Exception fault) when (fault is NpgsqlException or IOException)
        {
            return -1;
        }
    }

    /// <summary>Lets time pass that is part of the fault.</summary>
    public static async Task PassAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time > TimeSpan.Zero ? time : TimeSpan.FromMilliseconds(1));
        await timer.WaitForNextTickAsync();
    }

    /// <summary>After a crash: what is left of the old server may still be in the way for a moment.</summary>
    public Task StartServerAsync() => Until.TrueAsync(
        "the server's start", EndLimit, async () => (await World.Cluster.TryStartServerAsync()).ExitCode == 0);

    /// <summary>Waits until a worker says that it takes nothing; gives why.</summary>
    public async Task<string> GatedAsync()
    {
        const string Gate =
            "select gate from dispatch.nodes where gate <> '' and seen_at > clock_timestamp() - interval '5 s'";
        await Until.TrueAsync("a gate", EndLimit, async () => await IsCompletedAsync()
            || await CountAsync($"select count(*) from ({Gate}) closed", "dispatch_worker") > 0);
        return (await Site.QueryAsAsync("dispatch_worker", Gate)).FirstOrDefault()?[0] ?? "completed before";
    }

    /// <summary>Something stands in a log of the workers.</summary>
    public bool LogSays(string text) => Directory.GetFiles(Path.Combine(Site.Data, "logs"))
        .Any(file => File.ReadAllText(file).Contains(text, StringComparison.Ordinal));

    /// <summary>A worker started by another program in the place of one that is stopped.</summary>
    public async Task<RunningCommand> ReplaceUnderAsync(IReadOnlyList<string> program)
    {
        await Workers.KillAfterAsync(Workers.Running[0], TimeSpan.Zero);
        Site.Launcher = program;
        var worker = await Workers.StartAsync();
        Site.Launcher = [];
        return worker;
    }

    /// <summary>SIGKILL, and another in its place.</summary>
    public async Task ReplaceAsync(RunningCommand worker)
    {
        await Workers.KillAfterAsync(worker, TimeSpan.Zero);
        await Workers.StartAsync();
    }

    /// <summary>Nothing stands in the way any more; waits for the job's end.</summary>
    /// <returns>False when it did not come.</returns>
    public async Task<bool> DrainAsync()
    {
        Line.State.Heal();
        await Workers.RemoveEndedAsync();
        if (Workers.Running.Count == 0)
        {
            await Workers.StartAsync();
        }

        try
        {
            await Until.TrueAsync("the end", EndLimit, IsCompletedAsync);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Workers.DisposeAsync();
        await Line.DisposeAsync();
        TestFolder.Remove(Site.Folder);
        NpgsqlConnection.ClearAllPools();
        await World.Cluster.AdministerAsync($"drop database if exists {Database} with (force)");
    }
}
