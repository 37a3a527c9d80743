using System.CommandLine;
using Dispatch.Routing;
using Dispatch.Worker.Commands.Serving;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch worker</c>: the service.</summary>
static class WorkerCommand
{
    public static Command Create()
    {
        var command = new Command(
            "worker", "Serve until stopped: take jobs from the inbox, send them, run the schedule");
        command.SetAction((parsed, _) => CommandContext.RunAsync(
            parsed,
            async (context, ct) =>
            {
                Engine engine;
                try
                {
                    engine = await Engine.OpenAsync(context, migrate: false, ct);
                }
                catch (Exception) when (ct.IsCancellationRequested)
                {
                    return Stopped(context); // before it began: as good an end as any
                }

                await using (engine)
                {
                    await WorkerHost.RunAsync(context, engine, ct);
                }

                return Stopped(context);
            },
            isHeadless: true));
        return command;
    }

    static ExitCode Stopped(CommandContext context)
    {
        if (context.IsJson)
        {
            context.Write(new { state = "stopped" }, _ => "");
        }

        return ExitCode.Done;
    }
}
