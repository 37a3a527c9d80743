using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Dispatching;
using Dispatch.Worker.Scheduling;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Dispatch.Worker.Commands.Serving;

/// <summary>Does what the scheduler starts. Whatever is started too often finds that there is nothing to do.</summary>
sealed class WorkDesk(
    CommandContext context, Engine engine, OpenJobs jobs, ShardRun shards, Duty duty, IdleMemory memory, Action wake)
{
    readonly ILogger _logger = context.Logs.CreateLogger(nameof(Serving));

    public Task ReleaseAsync(int jobId) => GuardAsync(jobId, () => PlanAsync(jobId));

    public Task ShardAsync(int jobId, int shardNo) => GuardAsync(jobId, () => RouteAsync(jobId, shardNo));

    public Task FinishAsync(int jobId) => GuardAsync(jobId, () => PrintAsync(jobId));

    /// <summary>As <c>status</c> calls it.</summary>
    internal static string StateOf(RunStep step) => step switch
    {
        RunStep.Held => JobStates.Held,
        RunStep.Cancelled => JobStates.Cancelled,
        RunStep.AwaitingApproval => JobStates.AwaitingApproval,
        RunStep.Waiting => JobStates.Waiting,
        RunStep.Paused => JobStates.Paused,
        _ => JobStates.Running,
    };

    async Task PlanAsync(int jobId)
    {
        await using var steward = await JobLock.TryStewardAsync(engine.Db, jobId, duty.Stopping);
        if (steward is null || await AcceptedJob.FindAsync(engine.Db, jobId, duty.Stopping) is not { } job)
        {
            return;
        }

        if (await engine.Sending.ReleaseAsync(job, duty.Stopping) is { } step)
        {
            Log.Waits(_logger, jobId, StateOf(step));
            return;
        }

        Log.Released(_logger, jobId, job.Rows);
    }

    async Task RouteAsync(int jobId, int shardNo)
    {
        var result = await shards.RunAsync(jobId, shardNo, () => duty.MayTake, duty.GivenUp);
        if (result.WasLost || result.Superseded > 0)
        {
            Log.TakenOver(_logger, jobId, shardNo, result.Superseded);
        }
        else if (result.WasOurs)
        {
            Log.Routed(_logger, jobId, shardNo, result.Rows);
        }
    }

    async Task PrintAsync(int jobId)
    {
        await using var steward = await JobLock.TryStewardAsync(engine.Db, jobId, duty.Stopping);
        if (steward is not null && await AcceptedJob.FindAsync(engine.Db, jobId, duty.Stopping) is { } job
            && await JobFinish.RunAsync(context, engine, job, duty.Stopping))
        {
            await jobs.CloseIdleAsync(duty.Stopping);
            Log.Completed(_logger, jobId);
        }
    }

    // What fails is noted and tried again later, on any node; it never ends the worker.
    async Task GuardAsync(int jobId, Func<Task> work)
    {
        if (!duty.MayTake)
        {
            return;
        }

        memory.BeginWork();
        try
        {
            await work();
            await Setbacks.ClearAsync(engine.Db, jobId, duty.GivenUp);
        }
        catch (Exception) when (duty.Stopping.IsCancellationRequested)
        {
            // Whoever takes it next goes on where this stopped.
        }
        catch (DispatchException stopped) when (stopped.Code == "job.waiting")
        {
            Log.Waits(_logger, jobId, "stopped"); // by an operator, in the middle of it
        }
        catch (DispatchException closed) when (closed.RetryAt is { } retryAt)
        {
            Log.Waits(_logger, jobId, closed.Code);
            await TryNoteAsync(ct => Setbacks.NoteUntilAsync(engine.Db, jobId, closed.Code, retryAt, ct));
        }
        catch (Exception fault)
        {
            await NoteAsync(jobId, fault);
        }
        finally
        {
            memory.EndWork();
            wake();
        }
    }

    async Task NoteAsync(int jobId, Exception fault)
    {
        var failure = Failure.From(fault, null, context);
        Log.WorkFailed(_logger, jobId, failure.Code);
        failure.Log(context.Logs, fault);
        await TryNoteAsync(ct => Setbacks.NoteAsync(
            engine.Db, jobId, failure.Code, failure.Exit == ExitCode.TryAgain, ct));
    }

    async Task TryNoteAsync(Func<CancellationToken, Task> note)
    {
        try
        {
            await note(duty.Stopping);
        }
        catch (Exception again) when (again is NpgsqlException or OperationCanceledException)
        {
            // The database is what failed: whoever looks for work next meets the same fault.
        }
    }
}
