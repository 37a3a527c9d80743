using System.CommandLine;
using Dispatch.Routing;
using Dispatch.Worker.Commands.Serving;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch worker</c>: the service.</summary>
static class WorkerCommand
{
    public static Command Create()
    {
        var command = new Command("worker", "Serve until stopped: take jobs from the inbox, send them, run the schedule");
        command.SetAction((parsed, _) => CommandContext.RunAsync(
            parsed,
            async (context, ct) =>
            {
                await using var engine = await Engine.OpenAsync(context, migrate: false, ct);
                await WorkerHost.RunAsync(context, engine, ct);
                return ExitCode.Done;
            },
            isHeadless: true));
        return command;
    }
}
