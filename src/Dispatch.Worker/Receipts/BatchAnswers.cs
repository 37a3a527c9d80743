using Dispatch.PrintExport.Receipts;
using Npgsql;
using NpgsqlTypes;
using static Dispatch.Worker.Database.SqlValue;

namespace Dispatch.Worker.Receipts;

/// <summary>Writes what the lines about one batch changed.</summary>
sealed class BatchAnswers(NpgsqlConnection connection, int receiptId, string printHouse, DateTimeOffset at)
{
    const string CopySql = """
        copy dispatch.receipt_lines (receipt_id, line_no, batch_id, sequence, status, pages, sheets, claimed_at,
        verdict)
        from stdin (format binary)
        """;

    const string PiecesSql = """
        update dispatch.batch_pieces p set state = s.state
        from unnest($2, $3) s (sequence, state)
        where p.batch_id = $1 and p.sequence = s.sequence
        """;

    const string BatchSql = """
        update dispatch.batches set state = $2
        where batch_id = $1 and state in ('handed_off', 'accepted', 'printed') and state <> $2
        """;

    // One for each kind and piece, however often a print house repeats itself; one that was closed is open again.
    const string IncidentsSql = """
        insert into dispatch.incidents (at, kind, print_house, receipt_id, batch_id, sequence, detail)
        select $2, kind, $3, $4, $1, sequence, detail from unnest($5, $6, $7) n (kind, sequence, detail)
        on conflict on constraint incidents_once do update
        set at = excluded.at, receipt_id = excluded.receipt_id, detail = excluded.detail, closed_at = null,
            closed_by = null, close_reason = null
        where incidents.closed_at is not null
        """;

    const string NameReusedSql = """
        insert into dispatch.incidents (at, kind, print_house, receipt_id, detail)
        select $1, $5, $2, $3, 'a file of this name came before with other content; both are kept'
        where exists (select from dispatch.receipt_files where print_house = $2 and name = $4 and receipt_id <> $3)
        """;

    /// <param name="answers">Each line with its piece's place and its verdict, in the order of the file.</param>
    /// <returns>The number of new incidents.</returns>
    public async Task<int> WriteAsync(
        AnsweredBatch batch,
        BatchReceipts receipts,
        IReadOnlyList<(ReceiptLine Line, int Sequence, ReceiptVerdict Verdict)> answers,
        CancellationToken cancel)
    {
        await using (var copy = await connection.BeginBinaryImportAsync(CopySql, cancel))
        {
            foreach (var (line, sequence, verdict) in answers)
            {
                await copy.StartRowAsync(cancel);
                await copy.WriteAsync(receiptId, NpgsqlDbType.Integer, cancel);
                await copy.WriteAsync(line.Number, NpgsqlDbType.Integer, cancel);
                await copy.WriteAsync(batch.BatchId, NpgsqlDbType.Integer, cancel);
                await copy.WriteAsync(sequence, NpgsqlDbType.Integer, cancel);
                await copy.WriteAsync(Word(line.Status), NpgsqlDbType.Text, cancel);
                await WriteAsync(copy, line.Pages, cancel);
                await WriteAsync(copy, line.Sheets, cancel);
                await copy.WriteAsync(line.ClaimedAt.UtcDateTime, NpgsqlDbType.TimestampTz, cancel);
                await copy.WriteAsync(Word(verdict), NpgsqlDbType.Text, cancel);
            }

            await copy.CompleteAsync(cancel);
        }

        if (receipts.Changed.Count > 0)
        {
            await ExecuteAsync(
                PiecesSql, cancel, Integer(batch.BatchId), Integers(receipts.Changed),
                Texts(receipts.Changed.Select(sequence => Word(receipts.StateOf(sequence)))));
        }

        await ExecuteAsync(BatchSql, cancel, Integer(batch.BatchId), Text(AnsweredBatch.Word(receipts.State)));
        return await ExecuteAsync(
            IncidentsSql, cancel, Integer(batch.BatchId), At(), Text(printHouse), Integer(receiptId),
            Texts(receipts.Incidents.Select(incident => incident.Kind)),
            Integers(receipts.Incidents.Select(incident => incident.Sequence)),
            Texts(receipts.Incidents.Select(incident => incident.Detail)));
    }

    /// <summary>A name that came before with other content: which of the two was meant is a person's
    /// question.</summary>
    public Task<int> NoteReusedNameAsync(string name, CancellationToken cancel) => ExecuteAsync(
        NameReusedSql, cancel, At(), Text(printHouse), Integer(receiptId), Text(name), Text(IncidentKind.NameReused));

    async Task<int> ExecuteAsync(string sql, CancellationToken cancel, params NpgsqlParameter[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.Parameters.AddRange(values);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    NpgsqlParameter At() => new() { Value = at.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    static Task WriteAsync(NpgsqlBinaryImporter copy, int? value, CancellationToken cancel) =>
        value is { } number ? copy.WriteAsync(number, NpgsqlDbType.Integer, cancel) : copy.WriteNullAsync(cancel);

    static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
