using Quartz;

namespace Dispatch.Worker.Scheduling;

/// <summary>A run that is made once a date.</summary>
sealed class DailyJob(WorkHandlers handlers) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await handlers.Daily(
            Enum.Parse<WorkKind>(context.MergedJobDataMap.GetString(WorkData.Kind)!), cancellationToken);
}
