using Dispatch.Worker.Database;
using Dispatch.Worker.Dispatching;
using Dispatch.Worker.Scheduling;
using Npgsql;

namespace Dispatch.Worker.Commands.Serving;

/// <summary>Finds what there is to do and has the scheduler start it: after a release, a lost node, a lost
/// schedule.</summary>
sealed class WorkWatch(
    CommandContext context, NpgsqlDataSource database, ClusterScheduler scheduler,
    IReadOnlyList<DailyRuns> schedules, OpenJobs jobs, IdleMemory memory, Duty duty)
    : Watch(context, TimeSpan.FromSeconds(1))
{
    static readonly TimeSpan CarePeriod = TimeSpan.FromSeconds(30);

    /// <summary>Longer than another node takes to notice that one is gone.</summary>
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(12);

    readonly SemaphoreSlim _wake = new(0, 1);
    readonly Standstill<Work> _stuck = new(context.Time, StartLimit);
    readonly Standstill<Work> _stuckRuns = new(context.Time, StartLimit);
    bool _isStandingBy;
    long _tookCareAt;

    /// <summary>Looks again at once: something changed.</summary>
    public void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It was about to look anyway.
        }
    }

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task RoundAsync(CancellationToken ct)
    {
        await memory.ForgetAsync(ct); // first: also where the gate is closed or there is no database
        await HeedGateAsync(ct);
        if (!duty.MayTake)
        {
            return;
        }

        foreach (var one in _stuck.Find(await OpenWork.ReadStartedAsync(database, ct)))
        {
            Log.StartedAgain(Logger, one.Name);
            await scheduler.ForgetAsync(one, ct);
        }

        var work = await OpenWork.ReadAsync(database, ct);
        foreach (var one in work)
        {
            await scheduler.EnqueueAsync(one, ct);
        }

        await TakeCareAsync(isQuiet: work.Count == 0, ct);
    }

    protected override Task PauseAsync(TimeSpan pause, CancellationToken ct) => _wake.WaitAsync(pause, ct);

    // What need not be looked at every second: what is done once a date, and jobs that stay open, with their register, for nobody.
    async Task TakeCareAsync(bool isQuiet, CancellationToken ct)
    {
        if (_tookCareAt != 0 && Context.Time.GetElapsedTime(_tookCareAt) < CarePeriod)
        {
            return;
        }

        _tookCareAt = Context.Time.GetTimestamp();
        if (isQuiet)
        {
            await jobs.CloseIdleAsync(ct);
        }

        var idle = new List<Work>();
        foreach (var schedule in schedules)
        {
            if (await schedule.FindDueAsync(ct) is not null)
            {
                await scheduler.EnqueueAsync(schedule.Work, ct);
                if (await IsIdleAsync(schedule, ct))
                {
                    idle.Add(schedule.Work);
                }
            }
        }

        foreach (var one in _stuckRuns.Find(idle))
        {
            Log.StartedAgain(Logger, one.Name);
            await scheduler.ForgetAsync(one, ct);
            await scheduler.EnqueueAsync(one, ct);
        }
    }

    // Due, started by the scheduler's word, and nobody makes the run.
    async Task<bool> IsIdleAsync(DailyRuns schedule, CancellationToken ct)
    {
        if (!await OpenWork.IsStartedAsync(database, schedule.Work, ct))
        {
            return false;
        }

        await using var free = await SessionLock.TryTakeAsync(database, schedule.Schedule, ct);
        return free is not null;
    }

    // A node that may take nothing leaves the work to the others.
    async Task HeedGateAsync(CancellationToken ct)
    {
        if (duty.Gate.IsClosed && !_isStandingBy)
        {
            await scheduler.StandByAsync(ct);
        }
        else if (!duty.Gate.IsClosed && _isStandingBy)
        {
            await scheduler.StartAsync(ct);
        }

        _isStandingBy = duty.Gate.IsClosed;
    }
}
