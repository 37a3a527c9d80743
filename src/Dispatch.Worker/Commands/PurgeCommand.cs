using System.CommandLine;
using System.Globalization;
using System.Text;
using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Retention;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch purge [--dry-run]</c>: what is final and old enough goes; the ledger stays.</summary>
static class PurgeCommand
{
    static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only count what would go" };

    public static Command Create()
    {
        var command = new Command("purge", "Purge what is final and older than the settings of Retention allow");
        command.Add(DryRun);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            var db = database.DataSource;
            await Trail.NoteConfigurationAsync(db, Operator.Name, SettingsDigest.Of(context.Settings), ct);
            var run = new PurgeRun(db, context.Folder, context.Settings.Retention, context.Time, Operator.Name);
            var result = await run.RunAsync(parsed.GetValue(DryRun), context.Progress, ct);
            context.Write(result, Text);
            return result.Busy.Count > 0 ? ExitCode.TryAgain : ExitCode.Done;
        }));
        return command;
    }

    static string Text(PurgeResult result)
    {
        var text = new StringBuilder(result.DryRun ? "Would be purged:" : "Purged:");
        foreach (var (name, days, jobs, items, waiting) in result.Classes)
        {
            text.AppendLine().Append(
                CultureInfo.InvariantCulture, $"{name,-12} {items,12:N0} of {jobs:N0} jobs, {days:N0} days or older");
            if (waiting > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"; {waiting:N0} jobs are that old, but not final");
            }
        }

        if (result.Busy.Count > 0)
        {
            text.AppendLine().Append(
                "Left for the next time, as another process has them: ").AppendJoin(", ", result.Busy);
        }

        return text.ToString();
    }
}
