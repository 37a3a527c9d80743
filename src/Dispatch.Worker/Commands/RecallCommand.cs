using System.CommandLine;
using System.Globalization;
using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Mailbox;
using Dispatch.Worker.Reporting;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch recall JOB --rows 1-20,35|--all --reason T</c>: hides letters that were sent by mistake, or
/// lists who got them.</summary>
static class RecallCommand
{
    static readonly Option<string?> Rows = new("--rows")
    {
        Description = "Data rows of the list: 1-20,35",
        HelpName = "ROWS",
    };

    static readonly Option<bool> All = new("--all") { Description = "All rows of the job" };

    static readonly Option<string?> Reason = new("--reason") { Description = "Why, for the trail", HelpName = "TEXT" };

    static readonly Option<string?> List = new("--list")
    {
        Description = "Hide nothing; write who got what and when, as CSV",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        var command = new Command(
            "recall",
            "Hide letters sent by mistake from their receivers, for good; two operators must ask for the same rows");
        command.Add(ReportCommand.Job);
        command.Add(Rows);
        command.Add(All);
        command.Add(Reason);
        command.Add(List);
        command.Validators.Add(result =>
        {
            if (result.GetResult(Rows) is null == result.GetResult(All) is null)
            {
                result.AddError("Either --rows or --all is needed.");
            }

            if (result.GetResult(Reason) is null == result.GetResult(List) is null)
            {
                result.AddError("Either --reason or --list is needed.");
            }
        });
        command.SetAction(
            (parsed, _) => CommandContext.RunAsync(parsed, (context, ct) => RunAsync(context, parsed, ct)));
        return command;
    }

    static async Task<ExitCode> RunAsync(CommandContext context, ParseResult parsed, CancellationToken ct)
    {
        var reason = parsed.GetValue(Reason) is { } given ? OperatorReason.Check(given) : "";
        await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
        var job = await AcceptedJob.LoadAsync(database.DataSource, parsed.GetRequiredValue(ReportCommand.Job), ct);
        var rows = parsed.GetValue(Rows) is { } text ? RowRanges.Parse(text, job.Rows) : RowRanges.All(job.Rows);
        if (parsed.GetValue(List) is { } list)
        {
            var file = Path.GetFullPath(list);
            var lines = await RecipientList.WriteAsync(database.DataSource, job, rows, file, Operator.Name, ct);
            context.Write(new { file, letters = lines }, made => string.Create(
                CultureInfo.InvariantCulture, $"{CountText.Of(made.letters, "letter")} in '{made.file}'."));
            return ExitCode.Done;
        }

        var outcome = await new Recall(database.DataSource, job, rows, Operator.Name).RunAsync(reason, ct);
        context.Write(outcome, Text);
        return ExitCode.Done;
    }

    static string Text(RecallOutcome outcome)
    {
        var letters = string.Create(
            CultureInfo.InvariantCulture,
            $"{CountText.Of(outcome.Digital, "digital letter")}, {outcome.Opened:N0} opened before")
            + (outcome.Paper > 0
                ? string.Create(
                    CultureInfo.InvariantCulture, $"; {outcome.Paper:N0} on paper, which cannot be taken back")
                : "")
            + (outcome.Printed > 0
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"; {outcome.Printed:N0} in print-outs of mailboxes: --list names their batches")
                : "");
        return outcome.Step switch
        {
            RecallStep.Recalled => $"Job {outcome.Job}, rows {outcome.Rows}: hidden from their receivers. {letters}.",
            RecallStep.Unchanged => $"Job {outcome.Job}, rows {outcome.Rows}: were recalled before. {letters}.",
            _ => $"Job {outcome.Job}, rows {outcome.Rows}: noted; another operator must recall the same rows too. {letters}.",
        };
    }
}
