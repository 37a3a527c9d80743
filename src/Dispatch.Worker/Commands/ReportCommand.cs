using System.CommandLine;
using System.Globalization;
using System.Text;
using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Reporting;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch report JOB</c>: writes and prints a job's report.</summary>
static class ReportCommand
{
    internal static readonly Argument<string> Job = new("JOB") { Description = "The job's id, or SENDERCVR/REFERENCE" };

    public static Command Create()
    {
        var command = new Command("report", "Write and print a job's report");
        command.Add(Job);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            var jobId = await JobName.ResolveAsync(database.DataSource, parsed.GetRequiredValue(Job), ct);
            await Trail.NoteAsync(database.DataSource, Operator.Name, "report_export", jobId, "", ct);
            var report = await JobReport.WriteAsync(database.DataSource, jobId, context.Folder.Reports, ct);
            Show(context, report);
            return JobRun.ExitOf(report);
        }));
        return command;
    }

    /// <summary>Prints the report, as JSON or as text.</summary>
    internal static void Show(CommandContext context, JobReport report) => context.Write(
        report.ToJson(), () => Text(report, Path.Combine(context.Folder.Reports, report.Job.Id)));

    /// <summary>The report as a person at a terminal wants it.</summary>
    internal static string Text(JobReport report, string folder)
    {
        var text = new StringBuilder();
        var c = CultureInfo.InvariantCulture;
        text.AppendLine(c, $"Job {report.Job.Id} ({report.Job.Sender}/{report.Job.Reference}): {report.Job.State}");
        if (report.Job.ForgottenAt is { } forgotten)
        {
            text.AppendLine(Forgotten(forgotten));
        }

        text.AppendLine(c, $"  rows {report.Rows,14:N0}");
        text.AppendLine(c, $"  digital {report.Digital,11:N0}   {Share(report.Digital, report.Rows)}");
        text.AppendLine(c, $"  paper {report.Paper,13:N0}   {Share(report.Paper, report.Rows)}");
        text.AppendLine(c, $"  held {report.Held,14:N0}   {Share(report.Held, report.Rows)}");
        text.AppendLine(c, $"  refused {report.Refused,11:N0}   {Share(report.Refused, report.Rows)}");
        foreach (var (reason, rows) in report.Reasons)
        {
            text.AppendLine(c, $"    {reason,-38} {rows,12:N0}");
        }

        var pages = report.Batches.Sum(batch => (long)batch.Pages);
        text.AppendLine(c, $"  batches {report.Batches.Count,11:N0}   {CountText.Of(pages, "page")}");
        text.AppendLine(c, $"  seconds {report.Seconds.Total,11:N1}   {report.LettersPerHour:N0} letters an hour");
        text.AppendLine(c, $"  ledger {Ledger(report),12}");
        text.Append(c, $"Report: {Path.Combine(folder, "report.html")}");
        return text.ToString();
    }

    /// <summary>What became of a job whose data key was destroyed.</summary>
    internal static string Forgotten(DateTime at) => string.Create(
        CultureInfo.InvariantCulture,
        $"  key.forgotten: its data key was destroyed on {at:yyyy-MM-dd HH:mm} UTC; nobody can open its letters again");

    static string Ledger(JobReport report)
    {
        var open = report.Rows - report.Digital - report.Paper - report.Held - report.Refused;
        return report.Balanced ? "balances"
            : open > 0 && report.Job.State != JobStates.Completed ? "not closed yet: rows without an outcome so far"
            : "DOES NOT BALANCE";
    }

    static string Share(long part, long whole) =>
        whole == 0 ? "" : (part / (double)whole).ToString("P1", CultureInfo.InvariantCulture);
}
