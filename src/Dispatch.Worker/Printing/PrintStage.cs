using Dispatch.PrintExport.Handoff;
using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Manifest;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Security;
using Npgsql;

namespace Dispatch.Worker.Printing;

/// <summary>
/// Brings the paper of a job, all of whose chunks are done, to the print house: plan batches, make their
/// files, hand them off. Every part leaves what is done as it is, so that the stage may be run again after
/// any stop; one process at a time.
/// </summary>
static class PrintStage
{
    /// <exception cref="DispatchException">
    /// <c>print.not_reproducible</c>, <c>print.read_back</c>, <c>piece.unreadable</c> (exit 1) and <c>disk.full</c>
    /// (75), <c>spool.not_writable</c> (78) at once. When all other batches are handed off: <c>print.too_large</c>
    /// (78), <c>handoff.conflict</c> (1), <c>handoff.closed</c>, <c>outbox.gone</c> (75),
    /// <c>outbox.not_writable</c> (78), and the codes <c>sftp.…</c>.
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
            database, job, key, salts, layout.Template.Columns.Count, settings.Choice(), clock);
        await plan.CompleteAsync(cancel);

        var table = new BatchTable(database, job.JobId);
        var staging = OpenStaging(data);
        var composer = new BatchComposer(database, job, key, salts, layout, settings, staging);
        var faults = new PrintFaults();
        var fresh = await ComposeAsync(table, composer, staging, settings, faults, progress, cancel);
        var composedAt = clock.GetTimestamp();
        await table.RecordHandingOffAsync(cancel);
        await new HandoffStage(table, job, composer, staging, data, settings, clock, faults)
            .RunAsync(await table.ReadOpenAsync(cancel), fresh, progress, cancel);
        faults.ThrowIfAny();
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
        var open = await table.ReadOpenAsync(cancel);
        var begun = open.FindAll(batch => batch.Progress == BatchProgress.HandoffStarted);
        var salts = await ChunkSalts.LoadAsync(database, job.JobId, cancel);
        var staging = OpenStaging(data);
        var composer = new BatchComposer(database, job, key, salts, layout, settings, staging);
        var faults = new PrintFaults();
        await new HandoffStage(table, job, composer, staging, data, settings, clock, faults)
            .RunAsync(begun, new HashSet<int>(), progress, cancel);
        faults.ThrowIfAny();
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
        PrintFaults faults,
        StageProgress progress,
        CancellationToken cancel)
    {
        var batches = (await table.ReadOpenAsync(cancel)).FindAll(batch => batch.Progress == BatchProgress.Planned);
        if (batches.Count == 0)
        {
            return [];
        }

        var stage = progress.Begin("compose", batches.Sum(batch => (long)batch.Pieces), "pieces");
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = settings.BatchesAtOnce,
            CancellationToken = cancel,
        };
        try
        {
            await Parallel.ForEachAsync(batches, options, async (batch, cancelOne) =>
            {
                await table.ThrowIfStoppedAsync(cancelOne);
                try
                {
                    var made = await composer.ComposeAsync(batch, cancelOne);
                    await table.RecordComposedAsync(batch.BatchId, made.Pdf, made.Manifest, cancelOne);
                    stage.Add(batch.Pieces);
                }
                catch (DispatchException fault) when (fault.Code == "print.too_large")
                {
                    faults.Add(fault); // of this batch alone
                }
            });
        }
        catch (Exception exception) when (FileFault.From(exception, staging, "spool.not_writable") is { } fault)
        {
            throw fault;
        }

        stage.Finish();
        return [.. batches.Select(batch => batch.BatchId)];
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
