using Dispatch.PrintExport.Pdf;
using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Dispatching.Control;
using Dispatch.Worker.Security;
using Npgsql;

namespace Dispatch.Worker.Dispatching;

/// <summary>
/// Sees an accepted job from "checked" to the last committed chunk. Every step can be repeated after any interruption:
/// what is done is read from the database.
/// </summary>
sealed class SendRun(
    NpgsqlDataSource database, DispatchingSettings settings, DataFolder data, KeyRing keys, FontSet fonts,
    RegisterAccess register, TimeProvider clock, StageProgress progress)
{
    /// <summary>The zone Danish dates are told in.</summary>
    public static readonly TimeZoneInfo DanishTime = TimeZoneInfo.FindSystemTimeZoneById("Europe/Copenhagen");

    int Routers => settings.Routers > 0 ? settings.Routers : Environment.ProcessorCount;

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

        using var open = await OpenAsync(job, ct);
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

        using var open = await OpenAsync(job, ct);
        return await ReleaseAsync(open, ct);
    }

    /// <summary>A job with what its chunks are routed with.</summary>
    public async Task<OpenJob> OpenAsync(AcceptedJob job, CancellationToken ct)
    {
        var releaseDate = job.ReleaseDate ?? DanishDate(await NowAsync(ct));
        var layout = await JobLetter.LayOutAsync(database, job, releaseDate, fonts, ct);
        var routing = JobRouting.Of(job.Order, job.Columns, layout, releaseDate);
        var key = await job.OpenKeyAsync(keys, ct);
        try
        {
            var list = SpooledList.Open(SpooledList.PathOf(data.Spool, job.ListFile));
            return new(job, routing, key, list, ViewOf(job.Order, routing, job.Chunks, new ListSource(list, key)));
        }
        catch
        {
            key.Dispose();
            throw;
        }
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

    /// <summary>Decides held rows again in an operator's transaction.</summary>
    /// <param name="actor">Who releases them, for the record.</param>
    public async Task ReleaseHeldAsync(
        AcceptedJob job, NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<int> rows,
        string actor,
        CancellationToken ct)
    {
        using var open = await OpenAsync(job, ct);
        var snapshot = await open.Register.CurrentAsync(ct);
        var router = new ChunkRouter(open.Routing, snapshot, register.Addresses, measuresAllPaper: true);
        await new HeldRelease(job, open.Routing, open.Key, open.List, router)
            .DecideAsync(connection, transaction, rows, snapshot.Version, actor, ct);
    }

    /// <summary>The planning pass alone, over a list that need not be accepted.</summary>
    /// <param name="measuresAllPaper">Count pages and sheets, which costs the layout of every piece.</param>
    /// <exception cref="DispatchException"><see cref="RegisterMoved"/>, every time the list was routed.</exception>
    public async Task<JobPlan> PlanAsync(
        JobRouting routing, IReadOnlyList<JobChunk> chunks, ListSource source, RegisterView view,
        bool measuresAllPaper, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var snapshot = await view.CurrentAsync(ct);
            var stage = progress.Begin("plan", chunks.Sum(chunk => (long)chunk.Rows));
            try
            {
                var pass = new PlanningPass(
                    routing, snapshot, register.Addresses, source, chunks, Routers, measuresAllPaper);
                var plan = await pass.RunAsync(stage, ct);
                stage.Finish();
                return plan;
            }
            catch (DispatchException fault) when (RegisterMoved.Is(fault) && attempt < RegisterView.AttemptsMax)
            {
                stage.Finish();
            }
        }
    }

    /// <summary>The planning pass over an accepted job that was not released: what an operator is to approve.</summary>
    public async Task<JobPlan> PlanAsync(AcceptedJob job, CancellationToken ct)
    {
        using var open = await OpenAsync(job, ct);
        return await PlanAsync(open.Routing, job.Chunks, open.List, open.Register, measuresAllPaper: false, ct);
    }

    /// <summary>The register for a job: everybody, or for a short list those it names.</summary>
    public RegisterView ViewOf(JobOrder order, JobRouting routing, IReadOnlyList<JobChunk> chunks, ListSource source)
    {
        var sender = JobRouting.PrivateSenderOf(order);
        var rows = chunks.Sum(chunk => (long)chunk.Rows);
        return new RegisterView(register.Version, async ct =>
        {
            if (rows >= await register.Count(ct) * ListNumbers.RegisterShareMax)
            {
                return await register.Load(routing.Columns.PrintsName, sender, ct);
            }

            var numbers = ListNumbers.Read(source, chunks, routing.Separator, routing.Columns.Recipient);
            return await register.LoadFor(numbers.Cprs, numbers.Cvrs, routing.Columns.PrintsName, sender, ct);
        });
    }

    /// <summary>The local date of a moment in Denmark.</summary>
    public static DateOnly DanishDate(DateTimeOffset moment) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, DanishTime).DateTime);

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
        var step = WaitingStep(job, await NowAsync(ct));
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
        var plan = await PlanAsync(routing, job.Chunks, open.List, open.Register, measuresAllPaper: false, ct);
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
                database, open, register.Addresses, Routers, settings.Writers).RunAsync(work, stage, ct);
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

    async Task<DateTimeOffset> NowAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("select clock_timestamp()");
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(ct))!, TimeSpan.Zero);
    }
}
