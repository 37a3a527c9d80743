using System.CommandLine;
using Dispatch.Routing;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch submit JOBDIR</c>: validates and accepts a job, and prints its id.</summary>
static class SubmitCommand
{
    public static Command Create()
    {
        var command = new Command("submit", "Validate and accept a job, print its id");
        command.Add(RunCommand.JobFolder);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            await using var engine = await Engine.OpenAsync(context, migrate: false, ct);
            var (job, isRepeat) = await engine.SubmitAsync(parsed.GetRequiredValue(RunCommand.JobFolder), ct);
            context.Write(
                new { id = $"{job.JobId}", sender = job.Order.Sender.Cvr, reference = job.Order.Reference, state = job.State, rows = job.Rows, isRepeat },
                accepted => accepted.id);
            return ExitCode.Done;
        }));
        return command;
    }
}
