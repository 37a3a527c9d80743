using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using Quartz;

namespace Dispatch.Worker.Scheduling;

/// <summary>
/// Quartz, clustered on its tables in schema <c>scheduler</c>: spreads work over the nodes and starts what a dead node
/// had begun elsewhere. It only starts things. Work that is started twice, late, or while somebody else is at it does
/// nothing, and work that is lost is found again in our own tables.
/// </summary>
sealed class ClusterScheduler : IAsyncDisposable
{
    /// <summary>Name of the cluster; stands in every line of the scheduler's tables.</summary>
    public const string Cluster = "dispatch";

    const string LargeShards = "large-shards";
    const string LargeSteps = "large-steps";

    // Beside the shards of large jobs: one other step of a large job, and small ones that wait for nobody.
    const int LargeStepsMax = 1;
    const int SmallMax = 4;

    static readonly TimeSpan CheckIn = TimeSpan.FromSeconds(4);
    static readonly TimeSpan CheckInGrace = TimeSpan.FromSeconds(4);
    static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    // The scheduler tells what is due by each node's own clock: what one starts must be due by all the others', and
    // still in the order in which it was started.
    static readonly TimeSpan ClockSkewMax = TimeSpan.FromDays(1);

    readonly StandaloneSchedulerFactory _factory;
    readonly IScheduler _scheduler;
    readonly NpgsqlDataSource _connections;

    ClusterScheduler(StandaloneSchedulerFactory factory, IScheduler scheduler, NpgsqlDataSource connections)
    {
        (_factory, _scheduler, _connections) = (factory, scheduler, connections);
    }

    /// <param name="connections">A pool of its own: the scheduler must not wait for the pipelines.</param>
    /// <param name="node">Unique among the nodes.</param>
    /// <param name="shards">Shards of large jobs at the same time on this node.</param>
    public static async Task<ClusterScheduler> CreateAsync(
        NpgsqlDataSource connections, string node, int shards, WorkHandlers handlers, ILoggerFactory logs,
        CancellationToken ct)
    {
        var factory = QuartzSchedulerBuilder.Create(quartz =>
        {
            quartz.Services.AddSingleton(logs);
            quartz.ConfigureScheduler(options =>
            {
                options.InstanceName = Cluster;
                options.InstanceId = node;
                options.IdleWaitTime = Idle;
                options.ShutdownJobInterruption = ShutdownJobInterruption.Never;
            });
            quartz.UseDefaultThreadPool(shards + LargeStepsMax + SmallMax);
            quartz.UseJobFactory(new KnownJobs(handlers));
            quartz.UseTypeLoader<KnownTypes>();
            quartz.UseExecutionLimits(limits => Limit(limits, shards));
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(source => source.DataSourceFactory = _ => connections);
                store.ConfigureStore(options =>
                {
                    options.TablePrefix = "scheduler.qrtz_";
                    options.StoreJobDataAsStrings = true;
                });
                store.UseClustering(options =>
                {
                    options.CheckinInterval = CheckIn;
                    options.CheckinMisfireThreshold = CheckInGrace;
                });
            });
        }).Build();
        return new(factory, await factory.GetScheduler(ct), connections);
    }

    /// <summary>Begins to start work on this node.</summary>
    public async Task StartAsync(CancellationToken ct) => await _scheduler.Start(ct);

    /// <summary>Starts nothing more on this node until it is started again.</summary>
    public async Task StandByAsync(CancellationToken ct) => await _scheduler.Standby(ct);

    /// <summary>From now on; what is at work is finished.</summary>
    /// <param name="shards">Shards of large jobs at the same time on this node.</param>
    public async Task LimitAsync(int shards, CancellationToken ct) =>
        await _scheduler.SetExecutionLimits(Limit(ExecutionLimitsBuilder.Create(), shards).Build(), ct);

    /// <summary>Has the work started once, on whichever node has room; nothing happens when it waits already.</summary>
    public async Task EnqueueAsync(Work work, CancellationToken ct)
    {
        var job = work.Kind switch
        {
            WorkKind.Release => JobOf<ReleaseJob>(work),
            WorkKind.Shard => JobOf<ShardJob>(work),
            WorkKind.Finish => JobOf<FinishJob>(work),
            _ => JobOf<DailyJob>(work),
        };
        var trigger = TriggerBuilder.Create(TimeProvider.System).WithIdentity(work.Name)
            .StartAt(TimeProvider.System.GetUtcNow() - ClockSkewMax)
            .WithSimpleSchedule(schedule => schedule.WithMisfireInstruction(
                SimpleTriggerMisfireInstruction.IgnoreMisfires));
        if (!work.IsSmall)
        {
            trigger = trigger.WithExecutionGroup(work.Kind == WorkKind.Shard ? LargeShards : LargeSteps);
        }

        try
        {
            await GuardAsync(() => _scheduler.ScheduleJob(job, trigger.Build(), default, ct));
        }
        catch (ObjectAlreadyExistsException)
        {
            // Another node was first.
        }
    }

    /// <summary>Takes work that got stuck out of the scheduler's tables, so that it can be started once more. Should
    /// somebody be at it all the same, the second start finds nothing to do.</summary>
    public async Task ForgetAsync(Work work, CancellationToken ct)
    {
        try
        {
            await GuardAsync(() => _scheduler.DeleteJob(new JobKey(work.Name), ct));
        }
        catch (SchedulerException)
        {
            // Another node takes it out too: its trigger was gone between a look and the deletion.
        }

        await using var fired = _connections.CreateCommand(
            $"delete from scheduler.qrtz_fired_triggers where sched_name = '{Cluster}' and trigger_name = $1");
        fired.Parameters.Add(new() { Value = work.Name, NpgsqlDbType = NpgsqlDbType.Text });
        await fired.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Waits for what was started here.</summary>
    public async ValueTask DisposeAsync()
    {
        await _scheduler.Shutdown(true, CancellationToken.None);
        await _factory.DisposeAsync();
    }

    static ExecutionLimitsBuilder Limit(ExecutionLimitsBuilder limits, int shards) =>
        limits.ForGroup(LargeShards, shards).ForGroup(LargeSteps, LargeStepsMax);

    // A database that is away is told as everywhere else, and waited out; the scheduler's own word for it says nothing.
    static async Task GuardAsync<T>(Func<ValueTask<T>> call)
    {
        try
        {
            await call();
        }
        catch (SchedulerException fault) when (CauseOf(fault) is { } cause)
        {
            ExceptionDispatchInfo.Throw(cause);
        }
    }

    static NpgsqlException? CauseOf(Exception? fault)
    {
        while (fault is not (null or NpgsqlException))
        {
            fault = fault.InnerException;
        }

        return fault as NpgsqlException;
    }

    static IJobDetail JobOf<TJob>(Work work)
        where TJob : IJob =>
        JobBuilder.Create<TJob>().WithIdentity(work.Name).RequestRecovery().UsingJobData(DataOf(work)).Build();

    static JobDataMap DataOf(Work work) => new()
    {
        [WorkData.JobId] = $"{work.JobId}",
        [WorkData.ShardNo] = $"{work.ShardNo}",
        [WorkData.Kind] = $"{work.Kind}",
    };
}
