using System.CommandLine;
using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Dispatching.Control;
using Dispatch.Worker.Reporting;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch pause JOB --reason T</c>: stops a job until <c>resume</c>.</summary>
static class PauseCommand
{
    public static Command Create()
    {
        var command = new Command("pause", "Stop a job until it is resumed; who works on it ends the chunk in hand");
        command.Add(ReportCommand.Job);
        command.Add(CancelCommand.Reason);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            var reason = OperatorReason.Check(parsed.GetRequiredValue(CancelCommand.Reason));
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            var jobId = await JobName.ResolveAsync(database.DataSource, parsed.GetRequiredValue(ReportCommand.Job), ct);
            await JobPause.PauseAsync(database.DataSource, jobId, Operator.Name, reason, ct);
            context.Write(new { id = $"{jobId}", state = JobStates.Paused }, job => $"Job {job.id}: {job.state}.");
            return ExitCode.Done;
        }));
        return command;
    }
}
