using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Reporting;

namespace Dispatch.Worker.Commands;

/// <summary>A job from its last chunk to its report, in a worker.</summary>
static class JobFinish
{
    /// <returns>False when the job is not so far, or stopped being sent.</returns>
    public static async Task<bool> RunAsync(
        CommandContext context, Engine engine, AcceptedJob job, CancellationToken ct)
    {
        var jobId = job.JobId;
        if (await engine.Sending.CompleteRoutingAsync(job, ct))
        {
            await JobStates.SetSecondsSinceReleaseAsync(engine.Db, jobId, "route", ct);
        }

        if (await JobStates.ReadAsync(engine.Db, jobId, ct) is not (JobStates.Composing or JobStates.HandingOff))
        {
            return false;
        }

        await JobRun.FinishAsync(context, engine, job, ct);
        await JobStates.SetSecondsSinceReleaseAsync(engine.Db, jobId, "total", ct);
        var isOurs = await JobStates.MoveAsync(
            engine.Db, jobId, JobStates.Completed, ct, JobStates.Composing, JobStates.HandingOff);
        await Engine.ExportTrailAsync(context, engine.Db, ct);
        await JobReport.WriteAsync(engine.Db, jobId, context.Folder.Reports, ct);
        return isOurs;
    }
}
