using System.Security.Cryptography;
using Dispatch.Worker.Database;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Dispatching;
using Dispatch.Worker.Health;
using Dispatch.Worker.Notices;
using Dispatch.Worker.Scheduling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Dispatch.Worker.Commands.Serving;

/// <summary>The parts of a worker, in the generic host.</summary>
static class WorkerHost
{
    const int SchedulerConnections = 8;
    const int OtherConnections = 6;
    const int ShardConnections = 4;
    const int NodeBytes = 4;

    /// <summary>Receipts are due until the end of a local day.</summary>
    const string DeadlinesAt = "00:05";

    /// <summary>A frozen node's transaction holds every node's scheduler up: its locks are the cluster's.</summary>
    static readonly TimeSpan SchedulerPatience = TimeSpan.FromSeconds(8);

    /// <summary>After a signal: what is in hand by then is dropped.</summary>
    static readonly TimeSpan FinishLimit = TimeSpan.FromSeconds(14);

    /// <summary>Works until the token is cancelled.</summary>
    /// <exception cref="Exception">What ended a part that failed.</exception>
    public static async Task RunAsync(CommandContext context, Engine engine, CancellationToken stop)
    {
        var logger = context.Logs.CreateLogger(nameof(Serving));
        var node = NewNode();
        var atOnce = ShardsAtOnce(context);
        using var duty = new Duty();
        var meter = new ChunkMeter();
        await using var lanes = new NoticeLanes(engine.Db, context.Settings.Notices, context.Time);
        await using var health = await StartHealthAsync(context, engine, duty, meter);
        using var jobs = new OpenJobs(engine.Db, engine.Opening);
        var memory = new IdleMemory(jobs, context.Time);
        await using var connections = engine.CreatePool(SchedulerConnections, SchedulerPatience);
        WorkWatch? work = null;
        var desk = new WorkDesk(
            context, engine, jobs,
            new ShardRun(
                engine.Db, jobs, engine.Register, node, context.Settings.Worker.Lease, context.Time, context.Progress,
                meter),
            duty, memory, () => work?.Wake());
        var schedules = SchedulesOf(context, engine);
        var daily = new DailyDesk(context, engine, schedules, node, duty);
        var handlers = new WorkHandlers(
            (jobId, _) => desk.ReleaseAsync(jobId), (jobId, shardNo, _) => desk.ShardAsync(jobId, shardNo),
            (jobId, _) => desk.FinishAsync(jobId), (kind, _) => daily.RunAsync(kind));
        var scheduler = await ClusterScheduler.CreateAsync(
            connections, node, atOnce, handlers, QuietLogs.Of(context.Logs), CancellationToken.None);
        var nodes = new NodeTable(engine.Db);
        var share = context.Settings.Worker.Shards == 0 ? new ProcessorShare(nodes, scheduler, atOnce) : null;
        work = new WorkWatch(context, engine.Db, scheduler, schedules, jobs, memory, duty);
        using var host = Build(
            context, work, new InboxWatch(context, engine, duty, work.Wake), new ReceiptWatch(context, engine, duty),
            new NodeWatch(context, engine, node, nodes, share, duty), new NoticeWatch(context, engine, lanes, duty));
        using var stopping = stop.Register(duty.Stop);
        await scheduler.StartAsync(CancellationToken.None);
        await host.StartAsync(CancellationToken.None);
        Log.Started(logger, node, atOnce);
        var noted = NoteAsync(engine, "worker_start", node, duty.GivenUp);
        ServiceNotice.Ready();
        duty.HasStarted = true;
        await WaitAsync(host, stop);

        Log.Stopping(logger);
        ServiceNotice.Stopping();
        duty.Stop();
        using var limit = new CancellationTokenSource(FinishLimit, context.Time);
        await using (limit.Token.Register(duty.GiveUp))
        {
            await host.StopAsync(CancellationToken.None);
            await scheduler.DisposeAsync();
            await noted;
            await NoteAsync(engine, "worker_stop", node, duty.GivenUp);
        }

        await nodes.LeaveAsync(node);
        Log.Stopped(logger, node);
        await ThrowIfFailedAsync(host);
    }

    // Beside the work: whoever froze in the middle of a transaction may hold the trail, and ending them is work.
    static async Task NoteAsync(Engine engine, string action, string node, CancellationToken giveUp)
    {
        try
        {
            await Trail.NoteAsync(engine.Db, Operator.Name, action, null, node, giveUp);
        }
        catch (Exception fault) when (fault is NpgsqlException or OperationCanceledException)
        {
            // A worker that has no database any more, or no time, stops without its note, as one that is killed.
        }
    }

    static List<DailyRuns> SchedulesOf(CommandContext context, Engine engine)
    {
        var schedules = new List<DailyRuns>
        {
            new(engine.Db, WorkKind.Nightly, context.Settings.Worker.NightlyAt),
            new(engine.Db, WorkKind.Deadlines, DeadlinesAt),
        };
        if (context.Settings.Worker.AuditAt is { Length: > 0 } at)
        {
            schedules.Add(new(engine.Db, WorkKind.Audit, at));
        }

        return schedules;
    }

    // Before anything is taken: a port that is not to be had ends the start.
    static async Task<HealthServer?> StartHealthAsync(
        CommandContext context, Engine engine, Duty duty, ChunkMeter meter)
    {
        if (context.Settings.Health.Port == 0)
        {
            return null;
        }

        var metrics = new MetricsPage(
            meter, () => duty.Hindrance, ct => QueueFigures.ReadAsync(engine.Db, ct), context.Time);
        var server = new HealthServer(() => duty.Hindrance, metrics);
        await server.StartAsync(HealthServer.Where(context.Settings.Health), CancellationToken.None);
        return server;
    }

    static IHost Build(CommandContext context, params Watch[] watches)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(context.Logs);
        builder.Services.AddSingleton<IHostLifetime, SignalsElsewhere>();
        foreach (var watch in watches)
        {
            builder.Services.AddSingleton<IHostedService>(watch);
        }

        return builder.Build();
    }

    // Ends with a signal, or when a part of the worker failed: then the host stops by itself.
    static async Task WaitAsync(IHost host, CancellationToken stop)
    {
        var ended = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, ended);
        await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // The host itself would end with 0.
    static async Task ThrowIfFailedAsync(IHost host)
    {
        foreach (var part in host.Services.GetServices<IHostedService>().OfType<BackgroundService>())
        {
            if (part.ExecuteTask is { IsFaulted: true } failed)
            {
                await failed;
            }
        }
    }

    // Every shard holds some connections while it waits for another: more shards than there are connections for would
    // wait for each other.
    static int ShardsAtOnce(CommandContext context)
    {
        var wanted = context.Settings.Worker.Shards is > 0 and var set ? set : Environment.ProcessorCount;
        return Math.Clamp((context.Settings.Database.PoolSize - OtherConnections) / ShardConnections, 1, wanted);
    }

    static string NewNode() =>
        $"{Environment.MachineName}-{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(2 * NodeBytes, lowercase: true)}";
}
