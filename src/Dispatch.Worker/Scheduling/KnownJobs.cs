using Quartz;
using Quartz.Extensibility;

namespace Dispatch.Worker.Scheduling;

/// <summary>Makes the jobs there are, and no others: whoever can write to the scheduler's tables must not be able to
/// name a type that is then made.</summary>
sealed class KnownJobs(WorkHandlers handlers) : IJobFactory
{
    public ValueTask<JobScope> CreateJob(
        TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken cancellationToken = default) =>
        new(new JobScope(Create(bundle.JobDetail.JobType.Type), null));

    public ValueTask ReturnJob(JobScope scope, CancellationToken cancellationToken = default) => default;

    IJob Create(Type? type) =>
        type == typeof(ShardJob) ? new ShardJob(handlers)
        : type == typeof(ReleaseJob) ? new ReleaseJob(handlers)
        : type == typeof(FinishJob) ? new FinishJob(handlers)
        : type == typeof(DailyJob) ? new DailyJob(handlers)
        : throw new SchedulerException("the scheduler's tables name a job that dispatch does not have");
}
