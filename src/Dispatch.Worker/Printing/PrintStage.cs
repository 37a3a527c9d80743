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
sealed class PrintStage(
    NpgsqlDataSource database, PrintJob job, JobKey key, LetterLayout layout, DataFolder data,
    PrintingSettings settings, TimeProvider clock, StageProgress progress)
{
    readonly BatchTable _table = new(database, job.JobId);
    readonly PrintFaults _faults = new();

    /// <exception cref="DispatchException">
    /// <c>print.not_reproducible</c>, <c>print.read_back</c>, <c>piece.unreadable</c> (exit 1) and <c>disk.full</c>
    /// (75), <c>spool.not_writable</c> (78) at once. When all other batches are handed off: <c>print.too_large</c>
    /// (78), <c>handoff.conflict</c> (1), <c>handoff.closed</c>, <c>outbox.gone</c> (75),
    /// <c>outbox.not_writable</c> (78), and the codes <c>sftp.…</c>.
    /// </exception>
    public async Task<PrintResult> RunAsync(CancellationToken cancel)
    {
        var startedAt = clock.GetTimestamp();
        using var seals = await OpenSealsAsync(cancel);
        var plan = new BatchPlan(database, job, seals, layout.Template.Columns.Count, settings.Choice(), clock);
        await plan.CompleteAsync(cancel);

        var composer = OpenComposer(seals);
        var fresh = await ComposeAsync(composer, cancel);
        var composedAt = clock.GetTimestamp();
        await _table.RecordHandingOffAsync(cancel);
        await HandOffAsync(await _table.ReadOpenAsync(cancel), composer, fresh, cancel);
        return await _table.SumAsync(
            clock.GetElapsedTime(startedAt, composedAt), clock.GetElapsedTime(composedAt), cancel);
    }

    /// <summary>Hands off what was begun, and nothing else: part of a cancellation.</summary>
    public async Task FinishAsync(CancellationToken cancel)
    {
        var open = await _table.ReadOpenAsync(cancel);
        var begun = open.FindAll(batch => batch.Progress == BatchProgress.HandoffStarted);
        using var seals = await OpenSealsAsync(cancel);
        var composer = OpenComposer(seals);
        await HandOffAsync(begun, composer, new HashSet<int>(), cancel);
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

    BatchComposer OpenComposer(ChunkSeals seals) => new(database, job, seals, layout, settings, OpenStaging(data));

    async Task<ChunkSeals> OpenSealsAsync(CancellationToken cancel) =>
        new(key, await ChunkSalts.LoadAsync(database, job.JobId, cancel));

    async Task HandOffAsync(
        List<PrintBatch> open, BatchComposer composer, IReadOnlySet<int> fresh, CancellationToken cancel)
    {
        var stage = new HandoffStage(
            database, _table, job, composer, StagingOf(data), data, settings, clock, _faults);
        await stage.RunAsync(open, fresh, progress, cancel);
        _faults.ThrowIfAny();
    }

    /// <summary>Makes the files of all batches that have none yet; gives the ids of those batches.</summary>
    async Task<HashSet<int>> ComposeAsync(BatchComposer composer, CancellationToken cancel)
    {
        var batches = (await _table.ReadOpenAsync(cancel)).FindAll(batch => batch.Progress == BatchProgress.Planned);
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
                await _table.ThrowIfStoppedAsync(cancelOne);
                try
                {
                    var made = await composer.ComposeAsync(batch, cancelOne);
                    await _table.RecordComposedAsync(batch.BatchId, made.Pdf, made.Manifest, cancelOne);
                    stage.Add(batch.Pieces);
                }
                catch (DispatchException fault) when (fault.Code == "print.too_large")
                {
                    _faults.Add(fault); // of this batch alone
                }
            });
        }
        catch (Exception exception) when (FileFault.From(exception, StagingOf(data), "spool.not_writable") is { } fault)
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
