using Quartz;

namespace Dispatch.Worker.Scheduling;

/// <summary>Plans a job and releases it.</summary>
sealed class ReleaseJob(WorkHandlers handlers) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await handlers.Release(context.MergedJobDataMap.GetInt(WorkData.JobId), cancellationToken);
}
