using Quartz;

namespace Dispatch.Worker.Scheduling;

/// <summary>The nightly run.</summary>
sealed class NightlyJob(WorkHandlers handlers) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await handlers.Nightly(cancellationToken);
}
