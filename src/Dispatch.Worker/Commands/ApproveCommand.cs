using System.CommandLine;
using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Dispatching.Control;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch approve JOB</c>: a second operator says yes to what the job would send today.</summary>
static class ApproveCommand
{
    public static Command Create()
    {
        var command = new Command(
            "approve", "Say yes to a job another operator submitted, and to its counts as of today");
        command.Add(ReportCommand.Job);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            await using var engine = await Engine.OpenAsync(context, migrate: false, ct);
            var job = await AcceptedJob.LoadAsync(engine.Db, parsed.GetRequiredValue(ReportCommand.Job), ct);
            if (JobApproval.IsOpenTo(job, Operator.Name))
            {
                var plan = await engine.Planner.PlanAsync(job, ct);
                await JobApproval.ApproveAsync(engine.Db, job.JobId, plan, Operator.Name, ct);
                job = await AcceptedJob.LoadAsync(engine.Db, $"{job.JobId}", ct);
            }

            context.Write(
                new { id = $"{job.JobId}", state = job.State, approved = job.Approved },
                shown => $"Job {shown.id}: approved with {shown.approved}; {shown.state}.");
            return ExitCode.Done;
        }));
        return command;
    }
}
