using System.CommandLine;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch run JOBDIR</c>: submits a job and sees it through in this process.</summary>
static class RunCommand
{
    internal static readonly Argument<string> JobFolder = new("JOBDIR") { Description = "Folder with job.json" };

    public static Command Create()
    {
        var command = new Command(
            "run", "Submit a job and see it through; run it again to go on after any interruption");
        command.Add(JobFolder);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            await using var engine = await Engine.OpenAsync(context, migrate: true, ct);
            var report = await JobRun.RunAsync(context, engine, parsed.GetRequiredValue(JobFolder), ct);
            ReportCommand.Show(context, report);
            return JobRun.ExitOf(report);
        }));
        return command;
    }
}
