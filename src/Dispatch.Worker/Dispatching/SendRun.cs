using Dispatch.PrintExport.Pdf;
using Dispatch.Routing;
using Dispatch.Routing.Register;
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
        var now = await NowAsync(ct);
        if (WaitingStep(job, now) is { } step)
        {
            await NoteWaitingAsync(job, step, ct);
            return step;
        }

        if (job.State is JobStates.Composing or JobStates.HandingOff or JobStates.Completed)
        {
            return RunStep.Routed;
        }

        var releaseDate = job.ReleaseDate ?? DanishDate(now);
        var layout = await JobLetter.LayOutAsync(database, job, releaseDate, fonts, ct);
        var routing = JobRouting.Of(job.Order, job.Columns, layout, releaseDate);
        using var key = await job.OpenKeyAsync(keys, ct);
        using var list = SpooledList.Open(Path.Combine(SpooledList.FolderOf(data.Spool), job.ListFile));
        var source = new ListSource(list, key);
        using var view = ViewOf(job.Order, routing, job.Chunks, source);
        if (job.State != JobStates.Running && await ReleaseAsync(job, routing, source, view, ct) is { } stop)
        {
            return stop;
        }

        await RouteAsync(job, routing, key, source, view, ct);
        return RunStep.Routed;
    }

    /// <summary>Decides held rows again in an operator's transaction.</summary>
    /// <param name="actor">Who releases them, for the record.</param>
    public async Task ReleaseHeldAsync(
        AcceptedJob job, NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<int> rows, string actor,
        CancellationToken ct)
    {
        var layout = await JobLetter.LayOutAsync(database, job, job.ReleaseDate!.Value, fonts, ct);
        var routing = JobRouting.Of(job.Order, job.Columns, layout, job.ReleaseDate!.Value);
        using var key = await job.OpenKeyAsync(keys, ct);
        using var list = SpooledList.Open(Path.Combine(SpooledList.FolderOf(data.Spool), job.ListFile));
        var source = new ListSource(list, key);
        using var view = ViewOf(job.Order, routing, job.Chunks, source);
        var snapshot = await view.CurrentAsync(ct);
        var router = new ChunkRouter(routing, snapshot, register.Addresses, measuresAllPaper: true);
        await new HeldRelease(job, routing, key, source, router)
            .DecideAsync(connection, transaction, rows, snapshot.Version, actor, ct);
    }

    /// <summary>The planning pass alone, over a list that need not be accepted.</summary>
    /// <param name="measuresAllPaper">Count pages and sheets, which costs the layout of every piece.</param>
    public async Task<JobPlan> PlanAsync(
        JobRouting routing, IReadOnlyList<JobChunk> chunks, ListSource source, RegisterSnapshot snapshot, bool measuresAllPaper,
        CancellationToken ct)
    {
        var stage = progress.Begin("plan", chunks.Sum(chunk => (long)chunk.Rows));
        var pass = new PlanningPass(routing, snapshot, register.Addresses, source, chunks, Routers, measuresAllPaper);
        var plan = await pass.RunAsync(stage, ct);
        stage.Finish();
        return plan;
    }

    /// <summary>The planning pass over an accepted job that was not released: what an operator is to approve.</summary>
    public async Task<JobPlan> PlanAsync(AcceptedJob job, CancellationToken ct)
    {
        var today = DanishDate(await NowAsync(ct));
        var layout = await JobLetter.LayOutAsync(database, job, today, fonts, ct);
        var routing = JobRouting.Of(job.Order, job.Columns, layout, today);
        using var key = await job.OpenKeyAsync(keys, ct);
        using var list = SpooledList.Open(Path.Combine(SpooledList.FolderOf(data.Spool), job.ListFile));
        var source = new ListSource(list, key);
        using var view = ViewOf(job.Order, routing, job.Chunks, source);
        return await PlanAsync(routing, job.Chunks, source, await view.CurrentAsync(ct), measuresAllPaper: false, ct);
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

    async Task NoteWaitingAsync(AcceptedJob job, RunStep step, CancellationToken ct)
    {
        if (step == RunStep.Waiting)
        {
            await JobStates.MoveAsync(database, job.JobId, JobStates.Waiting, ct, "received", JobStates.Checked);
        }
        else if (step == RunStep.AwaitingApproval)
        {
            await JobStates.MoveAsync(database, job.JobId, JobStates.AwaitingApproval, ct, "received", JobStates.Checked);
        }
    }

    // Null when the job runs.
    async Task<RunStep?> ReleaseAsync(
        AcceptedJob job, JobRouting routing, ListSource source, RegisterView view, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        var snapshot = await view.CurrentAsync(ct);
        var plan = await PlanAsync(routing, job.Chunks, source, snapshot, measuresAllPaper: false, ct);
        if (job.Order.NeedsApproval && !await JobApproval.StandsAsync(database, job, plan.Counts, Operator.Name, ct))
        {
            return RunStep.AwaitingApproval;
        }

        var isHeld = !job.AcceptsRefused && plan.RefusesTooMany(job.Order.StopAtRefusedShare);
        if (!await JobRelease.CommitAsync(database, job, plan, routing.ReleaseDate, isHeld, ct))
        {
            throw new DispatchException(
                "job.moved", $"job {job.JobId} changed its state while it was being planned; run this again", ExitCode.TryAgain);
        }

        await JobStates.AddSecondsAsync(database, job.JobId, "validate", clock.GetElapsedTime(started), ct);
        return isHeld ? RunStep.Held : null;
    }

    async Task RouteAsync(
        AcceptedJob job, JobRouting routing, JobKey key, ListSource source, RegisterView view, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        var work = await ChunkStore.TakeOpenAsync(database, job, ct);
        if (work.Count > 0)
        {
            var stage = progress.Begin("route", work.Sum(chunk => (long)chunk.Chunk.Rows));
            var pipeline = new ChunkPipeline(
                database, job, routing, key, source, view, register.Addresses, Routers, settings.Writers);
            await pipeline.RunAsync(work, stage, ct);
            stage.Finish();
        }

        await ChunkStore.IndexLeafAsync(database, job, ct);
        await JobStates.AddSecondsAsync(database, job.JobId, "route", clock.GetElapsedTime(started), ct);
        await CompleteRoutingAsync(job, ct);
    }

    // A chunk another worker took may still be open: then the job is not routed yet, and the next run goes on with it.
    async Task CompleteRoutingAsync(AcceptedJob job, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select count(*) from dispatch.chunks where job_id = $1 and state = 'open'");
        command.Parameters.Add(new() { Value = job.JobId, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer });
        if (await command.ExecuteScalarAsync(ct) is > 0L)
        {
            throw new DispatchException(
                "job.busy", $"job {job.JobId} has chunks that another process took; run this again", ExitCode.TryAgain);
        }

        await JobStates.MoveAsync(database, job.JobId, JobStates.Composing, ct, JobStates.Running);
    }

    async Task<DateTimeOffset> NowAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("select clock_timestamp()");
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(ct))!, TimeSpan.Zero);
    }
}
