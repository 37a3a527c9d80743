using Dispatch.PrintExport.Handoff;
using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Manifest;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Security;
using Npgsql;

namespace Dispatch.Worker.Printing;

/// <summary>
/// Brings the paper of a job, all of whose chunks are done, to the print house: plan batches, make their files, hand them
/// off. Every part leaves what is done as it is, so that the stage may be run again after any stop; one process at a time.
/// </summary>
static class PrintStage
{
    // Batches handed off between two writes of the database.
    const int RoundBatchesMax = 64;

    /// <exception cref="DispatchException">
    /// <c>print.not_reproducible</c>, <c>piece.unreadable</c>, <c>handoff.conflict</c> (exit 1), <c>disk.full</c> (75),
    /// <c>spool.not_writable</c>, <c>outbox.not_writable</c> (78), and the codes <c>sftp.…</c>.
    /// </exception>
    public static async Task<PrintResult> RunAsync(
        NpgsqlDataSource database,
        PrintJob job,
        JobKey key,
        LetterLayout layout,
        DataFolder data,
        PrintingSettings settings,
        TimeProvider clock,
        StageProgress progress,
        CancellationToken cancel)
    {
        var startedAt = clock.GetTimestamp();
        var salts = await ChunkSalts.LoadAsync(database, job.JobId, cancel);
        var plan = new BatchPlan(
            database, job, key, salts, layout.Template.Columns.Count, settings.BatchPiecesMax, clock);
        await plan.CompleteAsync(cancel);

        var table = new BatchTable(database, job.JobId);
        var staging = OpenStaging(data);
        var composer = new BatchComposer(database, job, key, salts, layout, settings.SheetMark, staging);
        var fresh = await ComposeAsync(table, composer, staging, settings, progress, cancel);
        var composedAt = clock.GetTimestamp();
        await table.RecordHandingOffAsync(cancel);
        var open = await table.ReadOpenAsync(cancel);
        await HandOffAsync(open, table, job, composer, staging, data, fresh, settings, clock, progress, cancel);
        return await table.SumAsync(
            clock.GetElapsedTime(startedAt, composedAt), clock.GetElapsedTime(composedAt), cancel);
    }

    /// <summary>Hands off what was begun, and nothing else: part of a cancellation.</summary>
    public static async Task FinishAsync(
        NpgsqlDataSource database,
        PrintJob job,
        JobKey key,
        LetterLayout layout,
        DataFolder data,
        PrintingSettings settings,
        TimeProvider clock,
        StageProgress progress,
        CancellationToken cancel)
    {
        var table = new BatchTable(database, job.JobId);
        var begun = (await table.ReadOpenAsync(cancel)).FindAll(batch => batch.Progress == BatchProgress.HandoffStarted);
        var salts = await ChunkSalts.LoadAsync(database, job.JobId, cancel);
        var staging = OpenStaging(data);
        var composer = new BatchComposer(database, job, key, salts, layout, settings.SheetMark, staging);
        await HandOffAsync(begun, table, job, composer, staging, data, [], settings, clock, progress, cancel);
    }

    /// <summary>Takes away what was composed of a batch that will not be handed off.</summary>
    public static void RemoveStaged(DataFolder data, BatchFiles files)
    {
        var staging = StagingOf(data);
        if (!Directory.Exists(staging))
        {
            return;
        }

        foreach (var name in files.All)
        {
            File.Delete(Path.Combine(staging, name));
            File.Delete(Path.Combine(staging, name + OutboxFolder.PartSuffix));
        }
    }

    /// <summary>Makes the files of all batches that have none yet; gives the ids of those batches.</summary>
    static async Task<HashSet<int>> ComposeAsync(
        BatchTable table,
        BatchComposer composer,
        string staging,
        PrintingSettings settings,
        StageProgress progress,
        CancellationToken cancel)
    {
        var batches = (await table.ReadOpenAsync(cancel)).FindAll(batch => batch.Progress == BatchProgress.Planned);
        if (batches.Count == 0)
        {
            return [];
        }

        var stage = progress.Begin("compose", batches.Sum(batch => (long)batch.Pieces), "pieces");
        var options = new ParallelOptions { MaxDegreeOfParallelism = settings.BatchesAtOnce, CancellationToken = cancel };
        try
        {
            await Parallel.ForEachAsync(batches, options, async (batch, cancelOne) =>
            {
                await table.ThrowIfStoppedAsync(cancelOne);
                var made = await composer.ComposeAsync(batch, cancelOne);
                await table.RecordComposedAsync(batch.BatchId, made.Pdf, made.Manifest, cancelOne);
                stage.Add(batch.Pieces);
            });
        }
        catch (Exception exception) when (FileFault.From(exception, staging, "spool.not_writable") is { } fault)
        {
            throw fault;
        }

        stage.Finish();
        return [.. batches.Select(batch => batch.BatchId)];
    }

    static async Task HandOffAsync(
        List<PrintBatch> batches,
        BatchTable table,
        PrintJob job,
        BatchComposer composer,
        string staging,
        DataFolder data,
        HashSet<int> fresh,
        PrintingSettings settings,
        TimeProvider clock,
        StageProgress progress,
        CancellationToken cancel)
    {
        if (batches.Count == 0)
        {
            return;
        }

        var stage = progress.Begin("hand off", batches.Sum(batch => (long)batch.Pieces), "pieces");
        var bySftp = batches.ToLookup(batch => batch.IsBySftp(settings));
        foreach (var ofPrintHouse in bySftp[false].GroupBy(batch => batch.PrintHouse))
        {
            var folder = data.PrintHouse(ofPrintHouse.Key);
            try
            {
                var outbox = OutboxFolder.Open(staging, folder);
                foreach (var few in ofPrintHouse.Chunk(RoundBatchesMax))
                {
                    var round = new HandoffRound(
                        table, job, composer, outbox, settings.ReceiptWorkingDays, clock);
                    foreach (var batch in few)
                    {
                        round.Add(batch, fresh.Contains(batch.BatchId));
                    }

                    await round.RunAsync(stage, cancel);
                }
            }
            catch (Exception exception) when (FileFault.From(exception, folder, "outbox.not_writable") is { } fault)
            {
                throw fault;
            }
        }

        // After the folders, which no server can keep waiting.
        await HandOffBySftpAsync([.. bySftp[true]], table, job, composer, staging, settings, clock, stage, cancel);
        stage.Finish();
    }

    static async Task HandOffBySftpAsync(
        List<PrintBatch> batches,
        BatchTable table,
        PrintJob job,
        BatchComposer composer,
        string staging,
        PrintingSettings settings,
        TimeProvider clock,
        Stage stage,
        CancellationToken cancel)
    {
        DispatchException? conflict = null;
        foreach (var batch in batches)
        {
            var round = new SftpRound(
                table, job, composer, staging, SftpRound.TargetOf(settings.Sftp), settings.ReceiptWorkingDays, clock);
            try
            {
                await round.RunAsync(batch, stage, cancel);
            }
            catch (DispatchException fault) when (fault.Code == "handoff.conflict")
            {
                conflict ??= fault; // of this batch alone; what the server does to every session ends the run at once
            }
        }

        if (conflict is not null)
        {
            throw conflict;
        }
    }

    static string StagingOf(DataFolder data) => Path.Combine(data.Spool, "print");

    static string OpenStaging(DataFolder data)
    {
        var staging = StagingOf(data);
        try
        {
            Directory.CreateDirectory(staging);
        }
        catch (Exception exception) when (FileFault.From(exception, staging, "spool.not_writable") is { } fault)
        {
            throw fault;
        }

        return staging;
    }
}
