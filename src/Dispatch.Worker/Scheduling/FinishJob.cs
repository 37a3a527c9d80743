using Quartz;

namespace Dispatch.Worker.Scheduling;

/// <summary>Composes a job's paper, hands it off and completes the job.</summary>
sealed class FinishJob(WorkHandlers handlers) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await handlers.Finish(context.MergedJobDataMap.GetInt(WorkData.JobId), cancellationToken);
}
