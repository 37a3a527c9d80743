using System.Globalization;
using Dispatch.PrintExport.Receipts;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Receipts;

/// <summary>
/// Applies a print house's receipt file whole, in one transaction, or puts it whole in quarantine. The same bytes a
/// second time change nothing. No receipt changes what became of a row: its piece stays its one effect.
/// </summary>
sealed class ReceiptImport(NpgsqlDataSource database, DataFolder data, long bytesMax, TimeProvider clock)
{
    // A piece has five things that can be said of it; a file that says much more of a batch is no receipt.
    const int LinesPerPieceMax = 16;

    const string KnownSql = "select exists (select from dispatch.batches where print_house = $1)";

    /// <param name="known">Print houses of the settings; one that was ever given a batch is known as well.</param>
    /// <exception cref="DispatchException">
    /// <c>print_house.unknown</c> (2); a code <c>receipt.…</c>: 65 when the file was put in quarantine, 75 when it may
    /// be imported later.
    /// </exception>
    public async Task<ReceiptResult> RunAsync(
        string path, string printHouse, IEnumerable<string> known, string actor, CancellationToken cancel)
    {
        await CheckPrintHouseAsync(printHouse, known, cancel);
        using var file = await ReceivedFile.TakeAsync(path, data.Receipts, bytesMax, cancel);
        try
        {
            return await ApplyAsync(file, printHouse, actor, cancel);
        }
        catch (DispatchException fault) when (fault.Exit == ExitCode.Refused)
        {
            await QuarantineAsync(file, fault, printHouse, actor, cancel);
            throw new DispatchException(
                fault.Code, fault.Message + $"; nothing of it was applied, it lies in '{data.ReceiptQuarantine}'",
                fault.Exit, fault);
        }
    }

    async Task<ReceiptResult> ApplyAsync(ReceivedFile file, string printHouse, string actor, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var tables = new ReceiptTables(connection);
        await tables.LockAsync(cancel);
        if (await tables.FindStateAsync(printHouse, file.Sha256, cancel) == "applied")
        {
            return new(printHouse, Convert.ToHexStringLower(file.Sha256!), IsRepeat: true, 0, 0, 0, 0, 0);
        }

        CheckFile(file);
        var lines = await tables.ReceiveAsync(new(file.Read()), cancel);
        if (await tables.FindStrangerAsync(printHouse, cancel) is { } stranger)
        {
            throw ReceiptFault.At(
                "receipt.unknown_batch", stranger, "a batch this print house was never given", "batches of its own");
        }

        var batches = await tables.LockBatchesAsync(cancel);
        if (batches.Find(batch => batch.IsBeingHandedOff) is { } early)
        {
            throw new DispatchException(
                "receipt.too_early", $"the receipt file speaks of batch '{early.Name}', whose hand-off is not recorded "
                + "yet, expected that first; run its job again, then import the file",
                ExitCode.TryAgain);
        }

        var now = clock.GetUtcNow();
        var receiptId = await tables.AddFileAsync(
            file, new(printHouse, lines, "applied", "", "", now, actor), cancel);
        var answers = new BatchAnswers(connection, receiptId, printHouse, now);
        var incidents = await answers.NoteReusedNameAsync(file.Name, cancel);
        var verdicts = new int[Enum.GetValues<ReceiptVerdict>().Length];
        foreach (var batch in batches)
        {
            incidents += await ApplyAsync(batch, tables, answers, verdicts, now, cancel);
        }

        await tables.AddEventsAsync(
            actor, "receipts_import", batches.Select(batch => (int?)batch.JobId).Distinct(),
            string.Create(CultureInfo.InvariantCulture,
            $"{printHouse}: {lines} lines, {incidents} incidents, ") + Shown(file),
            cancel);
        file.KeepIn(data.AppliedReceipts, printHouse);
        await transaction.CommitAsync(cancel);
        File.Delete(ReceivedFile.PathIn(data.ReceiptQuarantine, printHouse, file.Sha256!));
        return new(
            printHouse, Convert.ToHexStringLower(file.Sha256!), IsRepeat: false, lines,
            verdicts[(int)ReceiptVerdict.Applied],
            verdicts[(int)ReceiptVerdict.Repeated], verdicts[(int)ReceiptVerdict.Late], incidents);
    }

    static async Task<int> ApplyAsync(
        AnsweredBatch batch, ReceiptTables tables, BatchAnswers writer, int[] verdicts, DateTimeOffset now,
        CancellationToken cancel)
    {
        if (await tables.CountLinesAsync(batch.Name, cancel) > LinesPerPieceMax * (batch.Pieces + 1L))
        {
            throw new DispatchException(
                "receipt.too_many_lines", $"the receipt file has more lines about batch '{batch.Name}' than "
                + $"{LinesPerPieceMax} a "
                + "piece, expected one for each thing that happened; let the print house send a right file");
        }

        var receipts = new BatchReceipts(
            batch.ToSent(), await tables.ReadPiecesAsync(batch.BatchId, cancel),
            await tables.ReadEarlierAsync(batch.BatchId, cancel), now);
        var answers = new List<(ReceiptLine, int, ReceiptVerdict)>();
        foreach (var line in await tables.ReadLinesAsync(batch.Name, cancel))
        {
            var sequence = receipts.Find(line.PieceId) ?? throw ReceiptFault.At(
                "receipt.unknown_piece", line.Number, "a piece that is not in its batch", "piece ids of the batch's "
                + "manifest");
            var verdict = receipts.Take(line, sequence);
            verdicts[(int)verdict]++;
            answers.Add((line, sequence, verdict));
        }

        receipts.Finish();
        return await writer.WriteAsync(batch, receipts, answers, cancel);
    }

    void CheckFile(ReceivedFile file)
    {
        if (file.Sha256 is null)
        {
            throw ReceiptFault.TooLarge(bytesMax);
        }

        if (file.Name.Length == 0)
        {
            throw new DispatchException(
                "receipt.name", "the receipt file's name is not of the form 'NAME.receipts.csv' with letters, digits, "
                + "'.', '-' and '_', expected one that is; let the print house name it so");
        }
    }

    async Task QuarantineAsync(
        ReceivedFile file, DispatchException fault, string printHouse, string actor, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var tables = new ReceiptTables(connection);
        await tables.LockAsync(cancel);
        await tables.AddFileAsync(
            file, new(printHouse, 0, "quarantined", fault.Code, fault.Message, clock.GetUtcNow(), actor), cancel);
        await tables.AddEventsAsync(
            actor, "receipts_quarantine", [null], $"{printHouse}: {fault.Code}, {Shown(file)}", cancel);
        file.KeepIn(data.ReceiptQuarantine, printHouse);
        await transaction.CommitAsync(cancel);
    }

    async Task CheckPrintHouseAsync(string printHouse, IEnumerable<string> known, CancellationToken cancel)
    {
        if (known.Contains(printHouse, StringComparer.Ordinal))
        {
            return;
        }

        await using var command = database.CreateCommand(KnownSql);
        command.Parameters.Add(new() { Value = printHouse, NpgsqlDbType = NpgsqlDbType.Text });
        if (await command.ExecuteScalarAsync(cancel) is not true)
        {
            throw new DispatchException(
                "print_house.unknown", "there is no print house of that name, expected one of the settings or one that "
                + "was given batches; see Printing in docs/configuration.md",
                ExitCode.Usage);
        }
    }

    static string Shown(ReceivedFile file) => file.Sha256 is { } sha256
        ? $"file {Convert.ToHexStringLower(sha256)[..12]}"
        : "too large to be read";
}
