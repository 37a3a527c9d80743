using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Dispatching.Control;
using Npgsql;

namespace Dispatch.Worker.Dispatching;

/// <summary>
/// Sees an accepted job from "checked" to the last committed chunk. Every step can be repeated after any interruption:
/// what is done is read from the database.
/// </summary>
sealed class SendRun(
    NpgsqlDataSource database, DispatchingSettings settings, JobOpening opening, JobPlanner planner,
    ReadAddresses addresses, TimeProvider clock, StageProgress progress)
{
    public async Task<RunStep> RunAsync(AcceptedJob job, CancellationToken ct)
    {
        if (await WaitAsync(job, ct) is { } step)
        {
            return step;
        }

        if (job.State is JobStates.Composing or JobStates.HandingOff or JobStates.Completed)
        {
            return RunStep.Routed;
        }

        using var open = await opening.OpenAsync(job, ct);
        if (job.State != JobStates.Running && await ReleaseAsync(open, ct) is { } stop)
        {
            return stop;
        }

        return await RouteAsync(open, ct);
    }

    /// <summary>Releases a job that need not wait, after planning it; any number may try.</summary>
    /// <returns>What it waits for; null = its chunks may be taken.</returns>
    public async Task<RunStep?> ReleaseAsync(AcceptedJob job, CancellationToken ct)
    {
        if (await WaitAsync(job, ct) is { } step)
        {
            return step;
        }

        if (!JobRelease.ReleasableStates.Contains(job.State))
        {
            return null;
        }

        using var open = await opening.OpenAsync(job, ct);
        return await ReleaseAsync(open, ct);
    }

    /// <summary>The step from the last chunk to the paper.</summary>
    /// <returns>False when a chunk is open, or the job does not run.</returns>
    public async Task<bool> CompleteRoutingAsync(AcceptedJob job, CancellationToken ct)
    {
        if (await ChunkStore.CountOpenRowsAsync(database, job.JobId, ct) > 0)
        {
            return false;
        }

        return await JobStates.MoveAsync(database, job.JobId, JobStates.Composing, ct, JobStates.Running);
    }

    static RunStep? WaitingStep(AcceptedJob job, DateTimeOffset now) => job.State switch
    {
        JobStates.Held => RunStep.Held,
        JobStates.Cancelled => RunStep.Cancelled,
        JobStates.Paused => RunStep.Paused,
        JobStates.Completed or JobStates.Composing or JobStates.HandingOff or JobStates.Running => null,
        _ when job.Order.NeedsApproval && job.Approved is null => RunStep.AwaitingApproval,
        _ when job.NotBefore > now => RunStep.Waiting,
        _ => null,
    };

    async Task<RunStep?> WaitAsync(AcceptedJob job, CancellationToken ct)
    {
        var step = WaitingStep(job, await opening.NowAsync(ct));
        if (step == RunStep.Waiting)
        {
            await JobStates.MoveAsync(database, job.JobId, JobStates.Waiting, ct, "received", JobStates.Checked);
        }
        else if (step == RunStep.AwaitingApproval)
        {
            await JobStates.MoveAsync(
                database, job.JobId, JobStates.AwaitingApproval, ct, "received", JobStates.Checked);
        }

        return step;
    }

    // Null when the job runs.
    async Task<RunStep?> ReleaseAsync(OpenJob open, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        var (job, routing) = (open.Job, open.Routing);
        var plan = await planner.PlanAsync(routing, job.Chunks, open.List, open.Register, measuresAll: false, ct);
        if (job.Order.NeedsApproval && !await JobApproval.StandsAsync(database, job, plan.Counts, Operator.Name, ct))
        {
            return RunStep.AwaitingApproval;
        }

        var isHeld = !job.AcceptsRefused && plan.RefusesTooMany(job.Order.StopAtRefusedShare);
        if (!await JobRelease.CommitAsync(database, job, plan, routing.ReleaseDate, isHeld, settings.ShardChunks, ct))
        {
            throw new DispatchException(
                "job.moved", $"job {job.JobId} changed its state while it was being planned; run this again",
                ExitCode.TryAgain);
        }

        await JobStates.AddSecondsAsync(database, job.JobId, "validate", clock.GetElapsedTime(started), ct);
        return isHeld ? RunStep.Held : null;
    }

    async Task<RunStep> RouteAsync(OpenJob open, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        var job = open.Job;
        if (await ChunkStore.CountOpenRowsAsync(database, job.JobId, ct) is > 0 and var rows)
        {
            var stage = progress.Begin("route", rows);
            var work = ChunkStore.TakeEachAsync(
                database, job, ChunkRange.All(job), holder: null, () => true, clock, TimeSpan.MaxValue, ct);
            await new ChunkPipeline(
                database, open, addresses, settings.CountRouters(), settings.Writers).RunAsync(work, stage, ct);
            stage.Finish();
        }

        var isRouted = await CompleteRoutingAsync(job, ct);
        await JobStates.AddSecondsAsync(database, job.JobId, "route", clock.GetElapsedTime(started), ct);
        if (!isRouted)
        {
            await JobStates.ThrowIfStoppedAsync(database, job.JobId, ct);
            throw new DispatchException(
                "job.busy", $"job {job.JobId} has chunks that another process took; run this again", ExitCode.TryAgain);
        }

        return RunStep.Routed;
    }
}

