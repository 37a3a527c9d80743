using System.CommandLine;
using System.Globalization;
using Dispatch.Routing;
using Dispatch.Worker.Reporting;
using Dispatch.Worker.Scheduling;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch status [JOB]</c>: what is running, waiting and done.</summary>
static class StatusCommand
{
    static readonly Argument<string?> Job = new("JOB")
    {
        Description = "The job's id, or SENDERCVR/REFERENCE; all jobs when left out",
        Arity = ArgumentArity.ZeroOrOne,
    };

    static readonly Option<bool> Workers = new("--workers") { Description = "Tell which workers there are, not the jobs" };

    public static Command Create()
    {
        var command = new Command("status", "Tell where jobs stand: running, waiting for what and until when, done");
        command.Add(Job);
        command.Add(Workers);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            if (parsed.GetValue(Workers))
            {
                context.Write(await new NodeTable(database.DataSource).ListAliveAsync(ct), Text);
                return ExitCode.Done;
            }

            if (parsed.GetValue(Job) is { } name)
            {
                var jobId = await JobName.ResolveAsync(database.DataSource, name, ct);
                var paper = await PaperStatus.ReadAsync(database.DataSource, jobId, context.Time, ct);
                var status = await JobStatus.FindAsync(database.DataSource, jobId, ct) with
                {
                    Paper = paper.GetValueOrDefault(jobId),
                };
                context.Write(status.ToJson(), () => Line(status));
                return ExitCode.Done;
            }

            var papers = await PaperStatus.ReadAsync(database.DataSource, null, context.Time, ct);
            var all = (await JobStatus.ListAsync(database.DataSource, ct)).Select(job => job with
            {
                Paper = papers.GetValueOrDefault(int.Parse(job.Id, CultureInfo.InvariantCulture)),
            }).ToList();
            if (await PaperStatus.CountQuarantinedAsync(database.DataSource, ct) is > 0 and var files)
            {
                CommandContext.Warn(
                    "receipt.quarantined", $"{CountText.Of(files, "receipt file")} in quarantine; see incidents list");
            }

            foreach (var failed in await DailyRuns.ListFailedAsync(database.DataSource, ct))
            {
                CommandContext.Warn("run.failed", $"the last run {failed}; see the log and ops/runbook.md");
            }

            await OwnLetterDesk.WarnIfHeldUpAsync(database.DataSource, ct);
            var nodes = await new NodeTable(database.DataSource).ListAliveAsync(ct);
            foreach (var node in nodes.Where(node => node.Gate.Length > 0))
            {
                CommandContext.Warn(
                    "worker.gated",
                    $"worker {node.Name} takes nothing since {node.GateSince:yyyy-MM-dd HH:mm} UTC: "
                    + new Gate(node.Gate, node.GateFolders));
            }

            context.Write(
                all, jobs => (jobs.Count == 0 ? "No jobs." : string.Join('\n', jobs.Select(Line))) + '\n' + Text(nodes));
            return ExitCode.Done;
        }));
        return command;
    }

    static string Text(IReadOnlyList<Node> nodes) => nodes.Count == 0
        ? "No worker is alive."
        : string.Join('\n', nodes.Select(node => $"Worker {node.Name} since {node.StartedAt:yyyy-MM-dd HH:mm} UTC: "
            + (node.Gate.Length == 0 ? "takes work" : $"takes nothing, {new Gate(node.Gate, node.GateFolders)}")));

    static string Alarms(PaperStatus? paper)
    {
        if (paper is null)
        {
            return "";
        }

        var text = "";
        if (paper.BatchesOverdue > 0)
        {
            text += $"; ALARM: {CountText.Of(paper.BatchesOverdue, "batch")} without all receipts in time "
                + $"({CountText.Of(paper.PiecesUnanswered, "piece")})";
        }

        if (paper.Incidents > 0)
        {
            text += $"; {CountText.Of(paper.Incidents, "incident")} in receipts";
        }

        return paper.PiecesToReprint > 0
            ? text + $"; {CountText.Of(paper.PiecesToReprint, "piece")} to reprint"
            : text;
    }

    static string Line(JobStatus job)
    {
        var c = CultureInfo.InvariantCulture;
        var line = string.Create(
            c, $"{job.Id,6}  {job.State,-17} {job.Sender}/{job.Reference}  {job.Decided:N0} of ")
            + $"{CountText.Of(job.Rows, "row")} decided";
        if (job.Batches > 0)
        {
            line += string.Create(c, $", {job.BatchesHandedOff:N0} of {CountText.Of(job.Batches, "batch")} handed off");
        }

        if (job.IsLive)
        {
            line += ", at work now";
        }

        if (job.WaitsFor is { } reason)
        {
            line += $"; waits for {reason}";
        }

        line += job.WaitsUntil is { } until ? string.Create(c, $" until {until:yyyy-MM-dd HH:mm} UTC") : "";
        if (job.PerHour is { } perHour)
        {
            line += string.Create(c, $"; at most {perHour:N0} an hour");
            line += job.ForecastEnd is { } end ? string.Create(c, $", all by {end:yyyy-MM-dd HH:mm} UTC") : "";
        }

        return line + Alarms(job.Paper);
    }
}
