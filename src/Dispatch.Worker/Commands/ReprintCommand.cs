using System.CommandLine;
using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Printing;
using Dispatch.Worker.Reporting;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch reprint BATCH --pieces ID[,ID…] --reason T</c>: lost pieces go out once more.</summary>
static class ReprintCommand
{
    static readonly Argument<string> Batch = new("BATCH") { Description = "Name of the batch the pieces were lost in" };

    static readonly Option<string[]> Pieces = new("--pieces")
    {
        Description = "Piece ids, separated by commas; each spoiled or rejected by a receipt",
        HelpName = "ID[,ID…]",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    static readonly Option<string> Reason = new("--reason")
    {
        Description = "Why, for the trail",
        HelpName = "TEXT",
        Required = true,
    };

    public static Command Create()
    {
        var command = new Command("reprint", "Print lost pieces again, in a new batch with the same piece ids");
        command.Add(Batch);
        command.Add(Pieces);
        command.Add(Reason);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            var reason = OperatorReason.Check(parsed.GetRequiredValue(Reason));
            var pieces = Split(parsed.GetRequiredValue(Pieces));
            var batch = parsed.GetRequiredValue(Batch);
            await using var engine = await Engine.OpenAsync(context, migrate: false, ct);
            var plan = new ReprintPlan(engine.Db, context.Time);
            var jobId = await plan.FindJobAsync(batch, ct);
            await using var sole = await JobLock.AcquireAsync(engine.Db, jobId, context.Time, ct);
            var job = (await AcceptedJob.FindAsync(engine.Db, jobId, ct))!;
            var reprint = await plan.AddAsync(
                PrintJob.From(job), job.State, batch, pieces, Operator.Name,
                reason, ct);

            // Also of a repeated request: the first one may have been stopped before the batch was out.
            await JobRun.PrintAsync(context, engine, jobId, ct);
            context.Write(reprint, Text);
            return ExitCode.Done;
        }));
        return command;
    }

    static HashSet<string> Split(string[] values)
    {
        var ids = values.SelectMany(value => value.Split(
            ',',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToHashSet(StringComparer.Ordinal);
        return ids.Count > 0 ? ids : throw new DispatchException(
            "piece.missing", "--pieces names no piece, expected piece ids separated by commas", ExitCode.Usage);
    }

    static string Text(Reprint reprint) =>
        $"{reprint.Batch}: {CountText.Of(reprint.Pieces, "piece")} of {reprint.Of}, attempt {reprint.Attempt}"
        + (reprint.IsRepeat ? "; it was asked for before." : ".");
}
