using System.CommandLine;
using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Dispatching;
using Dispatch.Worker.Reporting;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch cancel JOB --reason T</c>: ends a job that was not released.</summary>
static class CancelCommand
{
    static readonly Option<string> Reason = new("--reason") { Description = "Why, for the trail", HelpName = "TEXT", Required = true };

    public static Command Create()
    {
        var command = new Command("cancel", "End a job nothing of which was sent; all its rows become refused");
        command.Add(ReportCommand.Job);
        command.Add(Reason);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            var reason = OperatorReason.Check(parsed.GetRequiredValue(Reason));
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            var jobId = await JobName.ResolveAsync(database.DataSource, parsed.GetRequiredValue(ReportCommand.Job), ct);
            await using var sole = await JobLock.AcquireAsync(database.DataSource, jobId, context.Time, ct);
            await JobCancellation.CancelAsync(database.DataSource, jobId, Operator.Name, reason, ct);
            context.Write(new { id = $"{jobId}", state = JobStates.Cancelled }, job => $"Job {job.id}: {job.state}.");
            return ExitCode.Done;
        }));
        return command;
    }
}
