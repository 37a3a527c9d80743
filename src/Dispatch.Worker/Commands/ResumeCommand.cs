using System.CommandLine;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Dispatching.Control;
using Dispatch.Worker.Reporting;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch resume JOB [--accept-refused]</c>: lets a held or paused job go on.</summary>
static class ResumeCommand
{
    static readonly Option<bool> AcceptRefused = new("--accept-refused")
    {
        Description = "Send what can be sent although more rows than allowed would be refused",
    };

    public static Command Create()
    {
        var command = new Command("resume", "Let a held or paused job go on; run it again to see it through");
        command.Add(ReportCommand.Job);
        command.Add(AcceptRefused);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            var jobId = await JobName.ResolveAsync(database.DataSource, parsed.GetRequiredValue(ReportCommand.Job), ct);
            var state = await JobResumption.ResumeAsync(
                database.DataSource, jobId, parsed.GetValue(AcceptRefused), Operator.Name, ct);
            context.Write(new { id = $"{jobId}", state }, job => $"Job {job.id}: {job.state}.");
            return ExitCode.Done;
        }));
        return command;
    }
}
