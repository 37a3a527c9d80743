using Dispatch.PrintExport.Handoff;
using Dispatch.PrintExport.Receipts;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Printing;

/// <summary>
/// Hands a number of composed batches off to one print house. The order of writes is the exactly-once argument of
/// <see cref="HandoffRule"/>: the database knows of the start before any file moves, and each ticket moves last.
/// What stops a single batch is added to the faults.
/// </summary>
/// <param name="receiptDays">Working days the print house has to answer for every piece.</param>
sealed class HandoffRound(
    BatchTable table, PrintJob job, BatchComposer composer, OutboxFolder outbox, HandoffJournal journal,
    int receiptDays, TimeProvider clock, PrintFaults faults)
{
    readonly List<Batch> _batches = [];

    /// <param name="batch">A batch whose files were made once.</param>
    /// <param name="isFresh">They were made by this run.</param>
    public void Add(PrintBatch batch, bool isFresh)
    {
        var digests = batch.Digests(job.Order)
            ?? throw new InvalidOperationException($"'{batch.Name}' was never composed");
        _batches.Add(new(batch, outbox.Look(batch.Progress, batch.Files, digests, isFresh)));
    }

    public async Task RunAsync(Stage stage, CancellationToken cancel)
    {
        // One write of the database starts the whole round, and one ends it: both are safe for each batch alone.
        await TakeStepsAsync(until: HandoffStep.Start, cancel);
        var starting = _batches.Where(batch => batch.Next == HandoffStep.Start).ToList();
        await table.RecordStartedAsync(
            starting.ConvertAll(batch => batch.Record.BatchId), clock.GetUtcNow(), target: null, cancel);
        starting.ForEach(batch => batch.Facts = batch.Facts with { Progress = BatchProgress.HandoffStarted });
        journal.NoteBegun([.. _batches.Where(batch => batch.Next != HandoffStep.Record).Select(batch => batch.Record)]);
        await TakeStepsAsync(until: HandoffStep.Record, cancel);
        journal.NoteOut(_batches.ConvertAll(batch => batch.Record));
        foreach (var batch in _batches)
        {
            outbox.RemoveLeftovers(batch.Record.Files);
            stage.Add(batch.Record.Pieces);
        }

        var now = clock.GetUtcNow();
        await table.RecordHandedOffAsync(
            _batches.Select(batch => batch.Record.BatchId), now, WorkingDays.Add(DanishTime.DateOf(now), receiptDays),
            cancel);
    }

    // A batch another file is in the way of leaves the round; the others go on.
    async Task TakeStepsAsync(HandoffStep until, CancellationToken cancel)
    {
        foreach (var batch in _batches.ToList())
        {
            await TakeStepsAsync(batch, until, cancel);
            if (batch.Next == HandoffStep.Conflict)
            {
                faults.Add(outbox.Conflict(batch.Record.Files, batch.Facts));
                _batches.Remove(batch);
            }
        }
    }

    async Task TakeStepsAsync(Batch batch, HandoffStep until, CancellationToken cancel)
    {
        while (batch.Next is var step && step != until && step is not (HandoffStep.Record or HandoffStep.Conflict))
        {
            cancel.ThrowIfCancellationRequested();
            batch.Facts = step == HandoffStep.Compose
                ? await ComposeAgainAsync(batch, cancel)
                : outbox.Take(step, batch.Record.Files, batch.Facts);
        }
    }

    // Something took the staged files away, or what was in them, between composing and the hand-off.
    async Task<HandoffFacts> ComposeAgainAsync(Batch batch, CancellationToken cancel)
    {
        await composer.ComposeAsync(batch.Record, cancel);
        return batch.Facts with
        {
            IsPdfStaged = true,
            IsManifestStaged = true,
            IsTicketStaged = true,
            IsDamaged = false,
        };
    }

    sealed class Batch(PrintBatch record, HandoffFacts facts)
    {
        public PrintBatch Record { get; } = record;

        public HandoffFacts Facts { get; set; } = facts;

        public HandoffStep Next => HandoffRule.Next(Facts);
    }
}
