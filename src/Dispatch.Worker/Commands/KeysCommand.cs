using System.CommandLine;
using System.Globalization;
using System.Text;
using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Keys;
using Dispatch.Worker.Reporting;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch keys rotate|forget JOB</c>: the life of keys.</summary>
static class KeysCommand
{
    static readonly Option<string?> Confirm = new("--confirm")
    {
        Description = "The token the first call printed; without it nothing is lost",
        HelpName = "TOKEN",
    };

    public static Command Create()
    {
        var keys = new Command("keys", "Keys that letters are sealed under");
        keys.Add(CreateRotate());
        keys.Add(CreateForget());
        return keys;
    }

    static Command CreateRotate()
    {
        var command = new Command(
            "rotate", "Wrap every job's data key under a new key; run it again after any interruption");
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            var ring = await Engine.OpenKeysAsync(context, database, ct);
            var outcome = await new KeyRotation(database.DataSource, ring, Operator.Name).RunAsync(
                context.Progress, ct);
            context.Write(outcome, Text);
            return ExitCode.Done;
        }));
        return command;
    }

    static Command CreateForget()
    {
        var command = new Command(
            "forget", "Destroy a finished job's data key, so that nobody can open its letters again");
        command.Add(ReportCommand.Job);
        command.Add(Confirm);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            var db = database.DataSource;
            var jobId = await JobName.ResolveAsync(db, parsed.GetRequiredValue(ReportCommand.Job), ct);
            await using var sole = await JobLock.AcquireAsync(db, jobId, context.Time, ct);
            var forgetting = new JobForgetting(db, new JobFiles(db, context.Folder), Operator.Name);
            var limit = context.Settings.Security.ForgetTokenLimit;
            var outcome = parsed.GetValue(Confirm) is { } token
                ? await forgetting.ConfirmAsync(jobId, token, limit, ct)
                : await forgetting.AskAsync(jobId, ct);
            context.Write(Shown.Of(outcome), _ => Text(outcome, limit));
            return ExitCode.Done;
        }));
        return command;
    }

    static string Text(RotationOutcome outcome)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Every data key is wrapped under key {outcome.KeyId}; {outcome.Jobs:N0} were wrapped anew.");
        foreach (var old in outcome.Old)
        {
            text.AppendLine().Append(
                CultureInfo.InvariantCulture, $"Nothing in the database needs key {old.KeyId} any more. ");
            text.Append(old.File is { } file
                ? $"Destroy '{file}', and its copies, once no backup is to be read with it."
                : "Take it out of the vault once no backup is to be read with it.");
        }

        return text.ToString();
    }

    static string Text(ForgetOutcome outcome, TimeSpan limit)
    {
        var loss = outcome.Loss;
        return outcome.Token is { } token
            ? string.Create(CultureInfo.InvariantCulture, $"""
                Job {outcome.JobId} would lose, for good: {loss}.
                Within {limit.TotalMinutes:0} minutes, to do it: dispatch keys forget {outcome.JobId} --confirm {token}
                """)
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Job {outcome.JobId} was forgotten on {loss.ForgottenAt:yyyy-MM-dd HH:mm} UTC; nobody can open its letters again.");
    }

    sealed record Shown(
        string Job, string? Token, long Digital, long Paper, long Printed, long Held, int Files, DateTime? ForgottenAt)
    {
        public static Shown Of(ForgetOutcome outcome)
        {
            var loss = outcome.Loss;
            return new(
                $"{outcome.JobId}", outcome.Token, loss.Digital, loss.Paper, loss.Printed, loss.Held, loss.Files,
                loss.ForgottenAt);
        }
    }
}
