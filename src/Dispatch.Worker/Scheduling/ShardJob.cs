using Quartz;

namespace Dispatch.Worker.Scheduling;

/// <summary>Sees a shard through.</summary>
sealed class ShardJob(WorkHandlers handlers) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await handlers.Shard(
            context.MergedJobDataMap.GetInt(WorkData.JobId), context.MergedJobDataMap.GetInt(WorkData.ShardNo),
            cancellationToken);
}
