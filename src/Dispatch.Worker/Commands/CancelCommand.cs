using System.CommandLine;
using Dispatch.PrintExport.Manifest;
using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Dispatching;
using Dispatch.Worker.Dispatching.Control;
using Dispatch.Worker.Printing;
using Dispatch.Worker.Reporting;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch cancel JOB --reason T</c>: ends a job; what reached somebody stays.</summary>
static class CancelCommand
{
    // A process in the middle of a chunk, a batch or a large index ends that first.
    static readonly TimeSpan PatienceWithOthers = TimeSpan.FromMinutes(1);

    public static readonly Option<string> Reason =
        new("--reason") { Description = "Why, for the trail", HelpName = "TEXT", Required = true };

    public static Command Create()
    {
        var command = new Command("cancel", "End a job: rows that reached nobody become refused, what was sent stays");
        command.Add(ReportCommand.Job);
        command.Add(Reason);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            var reason = OperatorReason.Check(parsed.GetRequiredValue(Reason));
            await using var engine = await Engine.OpenAsync(context, migrate: false, ct);
            var jobId = await JobName.ResolveAsync(engine.Db, parsed.GetRequiredValue(ReportCommand.Job), ct);
            await CancelAsync(context, engine, jobId, reason, ct);
            context.Write(new { id = $"{jobId}", state = JobStates.Cancelled }, job => $"Job {job.id}: {job.state}.");
            return ExitCode.Done;
        }));
        return command;
    }

    static async Task CancelAsync(CommandContext context, Engine engine, int jobId, string reason, CancellationToken ct)
    {
        var cancellation = new JobCancellation(engine.Db, jobId, Operator.Name);
        if (!await cancellation.AskAsync(reason, ct))
        {
            return;
        }

        await using var sole = await JobLock.AcquireAsync(engine.Db, jobId, context.Time, ct, PatienceWithOthers);
        var job = (await AcceptedJob.FindAsync(engine.Db, jobId, ct))!;
        if (job.ReleaseDate is not null)
        {
            await FinishHandoffsAsync(context, engine, job, ct);
            foreach (var batch in await cancellation.DropBatchesAsync(ct))
            {
                PrintStage.RemoveStaged(context.Folder, new BatchFiles(batch));
            }

            await ChunkStore.IndexLeafAsync(engine.Db, job, ct);
        }

        await cancellation.EndAsync(ct);
    }

    static async Task FinishHandoffsAsync(CommandContext context, Engine engine, AcceptedJob job, CancellationToken ct)
    {
        var layout = await JobLetter.LayOutAsync(engine.Db, job, job.ReleaseDate!.Value, engine.Fonts, ct);
        using var key = await job.OpenKeyAsync(engine.Keys, ct);
        var stage = new PrintStage(
            engine.Db, PrintJob.From(job), key, layout, context.Folder,
            context.Settings.Printing, context.Time, context.Progress);
        await stage.FinishAsync(ct);
    }
}
