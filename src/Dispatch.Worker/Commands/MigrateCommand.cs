using System.CommandLine;
using Dispatch.Routing;
using Dispatch.Worker.Database;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch migrate</c>: brings the database schema up to date.</summary>
static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", "Bring the database schema up to date, once, under a lock");
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, RunAsync));
        return command;
    }

    static async Task<ExitCode> RunAsync(CommandContext context, CancellationToken ct)
    {
        await using var database = await context.OpenDatabaseAsync(migrate: true, ct);
        foreach (var advice in database.Migration!.Advice)
        {
            CommandContext.Advise($"dispatch: database.advice: {advice}");
        }

        context.Write(database.Migration, Text);
        return ExitCode.Done;
    }

    static string Text(MigrationResult result) => result.Applied.Count == 0
        ? $"The schema is up to date (version {result.Version})."
        : $"The schema is at version {result.Version}; applied: {string.Join(", ", result.Applied)}.";
}
