using System.CommandLine;
using Dispatch.Routing;
using Dispatch.Worker.Database;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch migrate</c>: brings roles and schema up to date, or says what an administrator must do for it.
/// </summary>
static class MigrateCommand
{
    static readonly Option<bool> PrintRoles = new("--print-roles")
    {
        Description = "Connect to nothing: print the SQL by which an administrator makes the roles",
    };

    public static Command Create()
    {
        var command = new Command("migrate", "Bring the database schema up to date, once, under a lock");
        command.Add(PrintRoles);
        command.SetAction((parsed, _) => CommandContext.RunAsync(
            parsed, parsed.GetValue(PrintRoles) ? PrintRolesAsync : MigrateAsync));
        return command;
    }

    static Task<ExitCode> PrintRolesAsync(CommandContext context, CancellationToken ct)
    {
        ShowRoles(context);
        return Task.FromResult(ExitCode.Done);
    }

    static void ShowRoles(CommandContext context)
    {
        var (login, database) = (EmbeddedRoles.Owner, EmbeddedRoles.Database);
        if (context.Settings.Database.ConnectionString.Length > 0)
        {
            var builder = DispatchDatabase.Login(context.Settings.Database);
            login = builder.Username ?? Environment.UserName;
            database = builder.Database ?? login;
        }

        context.Write(new { sql = DatabaseRoles.ScriptForAdministrator(login, database) }, script => script.sql);
    }

    static async Task<ExitCode> MigrateAsync(CommandContext context, CancellationToken ct)
    {
        await using var database = await OpenAsync(context, ct);
        foreach (var advice in database.Migration!.Advice)
        {
            CommandContext.Warn("database.advice", advice);
        }

        context.Write(database.Migration, Text);
        return ExitCode.Done;
    }

    static async Task<DispatchDatabase> OpenAsync(CommandContext context, CancellationToken ct)
    {
        try
        {
            return await context.OpenDatabaseAsync(migrate: true, ct);
        }
        catch (DispatchException fault) when (fault.Code == "database.roles")
        {
            ShowRoles(context);
            throw;
        }
    }

    static string Text(MigrationResult result) => result.Applied.Count == 0
        ? $"The schema is up to date (version {result.Version})."
        : $"The schema is at version {result.Version}; applied: {string.Join(", ", result.Applied)}.";
}
