using System.Globalization;
using Dispatch.PrintExport.Handoff;
using Dispatch.PrintExport.Receipts;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Npgsql;

namespace Dispatch.Worker.Printing;

/// <summary>
/// Hands composed batches off, print house by print house. What stops one of them (its folder, its server, its hours)
/// stops no other: its batches stay to be handed off.
/// </summary>
sealed class HandoffStage(
    NpgsqlDataSource database, BatchTable table, PrintJob job, BatchComposer composer, string staging, DataFolder data,
    PrintingSettings settings, TimeProvider clock, PrintFaults faults)
{
    // Batches handed off between two writes of the database.
    const int RoundBatchesMax = 64;

    readonly HandoffJournal _journal = new(data.Reports, job.Order);

    /// <param name="open">Batches that are not handed off; those without files wait for them.</param>
    /// <param name="fresh">Batches whose files this run made.</param>
    /// <exception cref="DispatchException"><c>job.waiting</c>, exit 75: an operator stopped the job;
    /// <c>handoff.unrecorded</c> (1): others know of batches that the database does not.</exception>
    public async Task RunAsync(
        List<PrintBatch> open, IReadOnlySet<int> fresh, StageProgress progress, CancellationToken cancel)
    {
        var batches = open.Where(batch => batch.Progress != BatchProgress.Planned)
            .GroupBy(batch => batch.PrintHouse).Where(house => IsLegible(house.Key)).SelectMany(house => house)
            .ToList();
        if (batches.Count == 0)
        {
            return;
        }

        var found = await FindOutAsync(batches, cancel);
        batches = batches.FindAll(batch => found.All(other => other.BatchId != batch.BatchId));

        var stage = progress.Begin("hand off", batches.Sum(batch => (long)batch.Pieces), "pieces");
        var ways = batches.GroupBy(batch => batch.PrintHouse).Where(IsOpen).SelectMany(house => house)
            .ToLookup(batch => batch.IsBySftp(settings));
        foreach (var house in ways[false].GroupBy(batch => batch.PrintHouse))
        {
            await TryAsync(() => HandOffByFolderAsync(house.Key, house, fresh, stage, cancel));
        }

        // After the folders, which no server can keep waiting.
        foreach (var house in ways[true].GroupBy(batch => batch.PrintHouse))
        {
            await TryAsync(() => HandOffBySftpAsync(house.Key, house, stage, cancel));
        }

        stage.Finish();
    }

    // After an older backup was restored: what is out is not sent once more.
    async Task<IReadOnlyList<PrintBatch>> FindOutAsync(List<PrintBatch> batches, CancellationToken cancel)
    {
        // The outbox first: a ticket says more than a line of the journal.
        var witnessed = HandoffWitness.InOutbox(
                batches.Select(batch => data.PrintHouse(batch.PrintHouse)).Distinct(), job.Order)
            .Concat(_journal.Read().Values)
            .Concat(HandoffWitness.InReceipts(data.ReceiptQuarantine, job.Order));
        var found = HandoffWitness.FindAdopted(witnessed, await table.ReadBegunAsync(cancel), batches);
        var now = clock.GetUtcNow();
        await table.RecordFoundAsync(
            found, now, WorkingDays.Add(DanishTime.DateOf(now), settings.ReceiptWorkingDays), cancel);
        _journal.NoteOut(found);
        foreach (var batch in found)
        {
            PrintStage.RemoveStaged(data, batch.Files);
        }

        return found;
    }

    // What lies there already is looked at before anything is handed off.
    bool IsLegible(string house)
    {
        var folder = data.PrintHouse(house);
        try
        {
            _ = Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any();
            if (OutboxMount.IsAsBefore(data, house))
            {
                return true;
            }

            faults.Add(Gone(
                folder, "had a share mounted on it and has none now",
                $"mount it, or remove '{OutboxMount.NoteOf(data, house)}' if it is to be a plain folder"));
            return false;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            faults.Add(new(
                "outbox.not_readable",
                $"the folder '{folder}' cannot be listed, expected one this user may read: what lies there is looked "
                + "at before anything is handed off; its batches stay to be handed off: give it the right, or bring "
                + "back the share, and run the command again",
                fault is IOException ? ExitCode.TryAgain : ExitCode.Configuration,
                fault));
            return false;
        }
    }

    bool IsOpen(IGrouping<string, PrintBatch> house)
    {
        if (settings.House(house.Key).Hours().ClosedUntil(DanishTime.Of(clock.GetUtcNow())) is not { } until)
        {
            return true;
        }

        faults.Add(new(
            "handoff.closed", string.Create(
                CultureInfo.InvariantCulture,
                $"print house '{house.Key}' takes no files until {until:yyyy-MM-dd HH:mm} local time (its CutOff or "
                + $"Downtime); run the command again then, for {CountText.Of(house.Count(), "batch")} of job "
                + $"{job.JobId}"),
            ExitCode.TryAgain)
        {
            RetryAt = DanishTime.InstantOf(until),
        });
        return false;
    }

    async Task TryAsync(Func<Task> handOff)
    {
        try
        {
            await handOff();
        }
        catch (DispatchException fault) when (fault.Code != "job.waiting")
        {
            faults.Add(fault);
        }
    }

    async Task HandOffByFolderAsync(
        string house, IEnumerable<PrintBatch> batches, IReadOnlySet<int> fresh, Stage stage, CancellationToken cancel)
    {
        var folder = data.PrintHouse(house);
        try
        {
            await MakeNewFolderAsync(house, folder, cancel);
            var outbox = OutboxFolder.Open(staging, folder);
            foreach (var few in batches.Chunk(RoundBatchesMax))
            {
                var round = new HandoffRound(
                    table, job, composer, outbox, _journal, settings.ReceiptWorkingDays, clock, faults);
                foreach (var batch in few)
                {
                    round.Add(batch, fresh.Contains(batch.BatchId));
                }

                await round.RunAsync(stage, cancel);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileFault.From(exception, folder, "outbox.not_writable")
                ?? Gone(folder, "cannot be used", inner: exception);
        }
    }

    // A print house's first hand-off makes its folder; after that, one that is missing is not replaced.
    async Task MakeNewFolderAsync(string house, string folder, CancellationToken cancel)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        if (!Directory.Exists(data.Outbox))
        {
            throw Gone(data.Outbox, "is gone");
        }

        if ((await OutboxHistory.ReadAsync(database, cancel)).Contains(house))
        {
            throw Gone(folder, "is gone");
        }

        data.CreateOutbox(folder);
    }

    static DispatchException Gone(
        string folder, string fault, string remedy = "bring it back (mount the share), or make a new one with mkdir",
        Exception? inner = null) => new(
        "outbox.gone", $"the folder '{folder}' {fault}, expected one that files can be moved to; the batches stay to "
        + $"be handed off: {remedy}, and run the command again",
        ExitCode.TryAgain,
        inner);

    async Task HandOffBySftpAsync(string house, IEnumerable<PrintBatch> batches, Stage stage, CancellationToken cancel)
    {
        var target = SftpRound.TargetOf(settings.House(house).Sftp);
        foreach (var batch in batches)
        {
            var round = new SftpRound(
                table, job, composer, staging, target, _journal, settings.ReceiptWorkingDays, clock);
            try
            {
                await round.RunAsync(batch, stage, cancel);
            }
            catch (DispatchException fault) when (fault.Code == "handoff.conflict")
            {
                faults.Add(fault); // of this batch alone; what the server does to every session ends its turn at once
            }
        }
    }
}
