using System.CommandLine;
using System.Globalization;
using System.Text;
using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Reporting;
using Dispatch.Worker.Retention;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch purge [--dry-run]</c>: what is final and old enough goes; the ledger stays.</summary>
static class PurgeCommand
{
    static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only count what would go" };

    static readonly Option<bool> Approve = new("--approve")
    {
        Description = "Purge nothing; say that the settings of Retention are wanted, where two operators must",
    };

    static readonly Option<string?> Reason = new("--reason")
    {
        Description = "With --approve: why, for the trail",
        HelpName = "TEXT",
    };

    public static Command Create()
    {
        var command = new Command("purge", "Purge what is final and older than the settings of Retention allow");
        command.Add(DryRun);
        command.Add(Approve);
        command.Add(Reason);
        command.Validators.Add(result =>
        {
            if (result.GetResult(Reason) is null != result.GetResult(Approve) is null)
            {
                result.AddError("--approve and --reason go together.");
            }
        });
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            var reason = parsed.GetValue(Reason) is { } given ? OperatorReason.Check(given) : null;
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            var db = database.DataSource;
            await Trail.NoteConfigurationAsync(db, Operator.Name, SettingsDigest.Of(context.Settings), ct);
            if (reason is not null)
            {
                var approval = new PurgeApproval(db, Operator.Name);
                context.Write(await approval.VoteAsync(context.Settings.Retention, reason, ct), Text);
                return ExitCode.Done;
            }

            var run = new PurgeRun(db, context.Folder, context.Settings.Retention, context.Time, Operator.Name);
            var result = await run.RunAsync(parsed.GetValue(DryRun), context.Progress, ct);
            context.Write(result, Text);
            return result.Busy.Count > 0 || result.Classes.Any(c => !c.IsAgreed) ? ExitCode.TryAgain : ExitCode.Done;
        }));
        return command;
    }

    static string Text(IReadOnlyList<AgreedClass> voted) => voted.Count == 0
        ? "Nothing of the settings of Retention needs two operators, or two have agreed."
        : string.Join(Environment.NewLine, voted.Select(one => string.Create(
            CultureInfo.InvariantCulture, $"{one.Class} after {one.Days} days: ")
            + (one.IsAgreed ? "agreed." : "noted; another operator must want it too.")));

    static string Text(PurgeResult result)
    {
        var text = new StringBuilder(result.DryRun ? "Would be purged:" : "Purged:");
        foreach (var (name, days, jobs, items, waiting, isAgreed) in result.Classes)
        {
            text.AppendLine().Append(
                CultureInfo.InvariantCulture, $"{name,-12} {items,12:N0} of {jobs:N0} jobs, {days:N0} days or older");
            if (!isAgreed)
            {
                text.Append("; not purged: another operator must want so few days too (dispatch purge --approve)");
            }

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

        if (result.ForgottenJobs.Count > 0)
        {
            text.AppendLine().Append("Data keys destroyed, as nothing is left that they open: jobs ").AppendJoin(
                ", ", result.ForgottenJobs);
        }

        return text.ToString();
    }
}
