using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Dispatching;
using Dispatch.Worker.Printing;
using Dispatch.Worker.Reporting;

namespace Dispatch.Worker.Commands;

/// <summary>A job from its folder to its report, in this process; what <c>run</c> and <c>demo</c> do.</summary>
static class JobRun
{
    /// <summary>Submits the folder, or finds the job it became, and sees it through.</summary>
    /// <exception cref="DispatchException">Also when the job waits (<c>job.waiting</c>, exit 75) or is held or
    /// cancelled (exit 3).</exception>
    public static async Task<JobReport> RunAsync(
        CommandContext context, Engine engine, string folder, CancellationToken ct)
    {
        var started = context.Time.GetTimestamp();
        var submission = await engine.SubmitAsync(folder, ct);
        var jobId = submission.Job.JobId;
        if (!submission.IsRepeat)
        {
            await JobStates.AddSecondsAsync(engine.Db, jobId, "validate", context.Time.GetElapsedTime(started), ct);
        }

        return await RunAsync(context, engine, jobId, started, ct);
    }

    /// <summary>Sees a job through that was accepted.</summary>
    /// <param name="started">When the work on it began, as <see cref="TimeProvider.GetTimestamp"/> gives it.</param>
    public static async Task<JobReport> RunAsync(
        CommandContext context, Engine engine, int jobId, long started, CancellationToken ct)
    {
        await using var sole = await JobLock.AcquireAsync(engine.Db, jobId, context.Time, ct);
        var job = (await AcceptedJob.FindAsync(engine.Db, jobId, ct))!;
        if (job.State != JobStates.Completed)
        {
            if (await engine.Sending.RunAsync(job, ct) is not RunStep.Routed and var step)
            {
                await ShowUnsentAsync(context, engine, jobId, step, ct);
                throw Unsent(job, step);
            }

            await FinishAsync(context, engine, job, ct);
            await JobStates.AddSecondsAsync(engine.Db, jobId, "total", context.Time.GetElapsedTime(started), ct);
            await JobStates.MoveAsync(
                engine.Db, jobId, JobStates.Completed, ct, JobStates.Composing, JobStates.HandingOff);
        }

        await Engine.ExportTrailAsync(context, engine.Db, ct);
        return await JobReport.WriteAsync(engine.Db, jobId, context.Folder.Reports, ct);
    }

    /// <summary>How a command ends that leads to this report.</summary>
    public static ExitCode ExitOf(JobReport report) => report.Job.State switch
    {
        JobStates.Completed when report.Refused + report.Held == 0 => ExitCode.Done,
        JobStates.Completed or JobStates.Held or JobStates.Cancelled => ExitCode.DoneWithExceptions,
        _ => ExitCode.TryAgain,
    };

    /// <summary>What comes after the last chunk: the index mailboxes are read by is built while paper is composed.</summary>
    public static async Task FinishAsync(CommandContext context, Engine engine, AcceptedJob job, CancellationToken ct)
    {
        var indexing = ChunkStore.IndexLeafAsync(engine.Db, job, ct);
        try
        {
            await PrintAsync(context, engine, job.JobId, ct);
        }
        finally
        {
            await indexing;
        }
    }

    /// <summary>Plans, composes and hands off what has no batch yet.</summary>
    public static async Task PrintAsync(CommandContext context, Engine engine, int jobId, CancellationToken ct)
    {
        await SpoolMark.EnsureAsync(engine.Db, context.Folder.Spool, Operator.Name, ct); // it may have gone meanwhile
        var job = (await AcceptedJob.FindAsync(engine.Db, jobId, ct))!;
        var layout = await JobLetter.LayOutAsync(engine.Db, job, job.ReleaseDate!.Value, engine.Fonts, ct);
        using var key = await job.OpenKeyAsync(engine.Keys, ct);
        var stage = new PrintStage(
            engine.Db, PrintJob.From(job), key, layout, context.Folder, context.Settings.Printing, context.Time,
            context.Progress);
        var result = await stage.RunAsync(ct);
        await JobStates.AddSecondsAsync(engine.Db, jobId, "compose", result.Composing, ct);
        await JobStates.AddSecondsAsync(engine.Db, jobId, "handoff", result.HandingOff, ct);
    }

    // A program wants its one document whatever the end; a person reads the line that is thrown, and of a job that is
    // over its report.
    static async Task ShowUnsentAsync(
        CommandContext context, Engine engine, int jobId, RunStep step, CancellationToken ct)
    {
        if (context.IsJson || step == RunStep.Cancelled)
        {
            var report = await JobReport.WriteAsync(engine.Db, jobId, context.Folder.Reports, ct);
            ReportCommand.Show(context, report);
        }
    }

    static Exception Unsent(AcceptedJob job, RunStep step)
    {
        var name = $"{job.JobId} ({job.Order.Sender.Cvr}/{job.Order.Reference})";
        return step switch
        {
            RunStep.Held => new DispatchException(
                "job.held", $"job {name} is held: more of its rows would be refused than stopAtRefusedShare allows; nothing was sent; "
                + "see dispatch plan, then resume --accept-refused or cancel it",
                ExitCode.DoneWithExceptions),
            RunStep.Cancelled => new DispatchException(
                "job.cancelled", $"job {name} was cancelled; submit it again under another reference",
                ExitCode.DoneWithExceptions),
            RunStep.AwaitingApproval => new DispatchException(
                "job.waiting",
                $"job {name} waits for approval by another operator than who submitted it: dispatch approve "
                + $"{job.JobId}",
                ExitCode.TryAgain),
            RunStep.Waiting => new DispatchException(
                "job.waiting",
                $"job {name} waits until {job.NotBefore:yyyy-MM-ddTHH:mm:sszzz}, its notBefore; run it again then",
                ExitCode.TryAgain),
            RunStep.Paused when job.IsBeingCancelled => new DispatchException(
                "job.waiting", $"job {name} is being cancelled; run dispatch cancel again to see that through",
                ExitCode.TryAgain),
            RunStep.Paused => new DispatchException(
                "job.waiting", $"job {name} is paused; resume it and run it again", ExitCode.TryAgain),
            _ => new InvalidOperationException($"no such step: {step}"),
        };
    }
}
