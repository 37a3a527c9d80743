using Dispatch.PrintExport.Receipts;
using Npgsql;
using NpgsqlTypes;
using static Dispatch.Worker.Database.SqlValue;

namespace Dispatch.Worker.Receipts;

/// <summary>What one import reads and writes, on its connection and within its transaction.</summary>
sealed class ReceiptTables(NpgsqlConnection connection)
{
    // One import at a time: two files about one piece must be taken one after the other.
    const string LockSql = "select pg_advisory_xact_lock(hashtext('dispatch.receipts'))";

    const string StateSql = "select state from dispatch.receipt_files where print_house = $1 and sha256 = $2";

    const string ClearSql = "delete from dispatch.received";

    const string CopySql =
        "copy dispatch.received (line_no, batch, piece_id, status, pages, sheets, claimed_at) "
        + "from stdin (format binary)";

    // Another print house's batch is as unknown to this one as a batch that never was.
    const string StrangerSql = """
        select min(r.line_no) from dispatch.received r
        left join dispatch.batches b
               on b.name = r.batch and b.print_house = $1 and (b.state <> 'planned'
                   and b.handoff_started_at is not null)
        where b.batch_id is null
        """;

    const string BatchesSql = """
        select batch_id, name, job_id, state, pieces, pages, sheets, handoff_started_at
        from dispatch.batches where name in (select batch from dispatch.received) order by batch_id for update
        """;

    const string PiecesSql =
        "select piece_id, pages, sheets, state from dispatch.batch_pieces where batch_id = $1 order by sequence";

    const string EarlierSql = """
        select distinct on (sequence, status) sequence, status, claimed_at from dispatch.receipt_lines
        where batch_id = $1 and status in ('printed', 'posted') and sequence > 0
        order by sequence, status, receipt_id, line_no
        """;

    const string LinesSql = """
        select line_no, piece_id, status, pages, sheets, claimed_at
        from dispatch.received where batch = $1 order by line_no
        """;

    const string LineCountSql = "select count(*) from dispatch.received where batch = $1";

    const string AddFileSql = """
        insert into dispatch.receipt_files as f
            (print_house, sha256, bytes, name, lines, state, reason, detail, imported_at, imported_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict on constraint receipt_files_once do update
        set lines = excluded.lines, state = excluded.state, reason = excluded.reason, detail = excluded.detail,
            imported_at = excluded.imported_at, imported_by = excluded.imported_by
        where f.state = 'quarantined'
        returning receipt_id
        """;

    const string SameTooLargeSql = """
        delete from dispatch.receipt_files where print_house = $1 and sha256 is null and bytes = $2 and name = $3
        """;

    const string AddEventSql = """
        insert into dispatch.events (actor, action, job_id, detail)
        select $1, $2, job_id, $4 from unnest($3) job_id
        """;

    public Task LockAsync(CancellationToken cancel) => ExecuteAsync(LockSql, cancel);

    /// <summary>Null for a file that never came.</summary>
    public async Task<string?> FindStateAsync(string printHouse, byte[]? sha256, CancellationToken cancel)
    {
        await using var command = Command(StateSql, Text(printHouse), Bytes(sha256));
        return await command.ExecuteScalarAsync(cancel) as string;
    }

    /// <summary>Puts the lines of the file beside the ledger, to be looked at; gives their number.</summary>
    public async Task<int> ReceiveAsync(ReceiptReader reader, CancellationToken cancel)
    {
        await ExecuteAsync(ClearSql, cancel);
        await using (var copy = await connection.BeginBinaryImportAsync(CopySql, cancel))
        {
            while (reader.TryRead(out var line))
            {
                await copy.StartRowAsync(cancel);
                await copy.WriteAsync(line.Number, NpgsqlDbType.Integer, cancel);
                await copy.WriteAsync(line.Batch, NpgsqlDbType.Text, cancel);
                await WriteAsync(copy, line.PieceId, NpgsqlDbType.Text, cancel);
                await copy.WriteAsync((short)line.Status, NpgsqlDbType.Smallint, cancel);
                await WriteAsync(copy, line.Pages, NpgsqlDbType.Integer, cancel);
                await WriteAsync(copy, line.Sheets, NpgsqlDbType.Integer, cancel);
                await copy.WriteAsync(line.ClaimedAt.UtcDateTime, NpgsqlDbType.TimestampTz, cancel);
            }

            await copy.CompleteAsync(cancel);
        }

        return reader.Count;
    }

    /// <summary>The first line about a batch that this print house was never given.</summary>
    public async Task<int?> FindStrangerAsync(string printHouse, CancellationToken cancel)
    {
        await using var command = Command(StrangerSql, Text(printHouse));
        return await command.ExecuteScalarAsync(cancel) as int?;
    }

    /// <summary>The batches of the file, locked until the transaction ends.</summary>
    public async Task<List<AnsweredBatch>> LockBatchesAsync(CancellationToken cancel)
    {
        await using var command = Command(BatchesSql);
        await using var row = await command.ExecuteReaderAsync(cancel);
        var batches = new List<AnsweredBatch>();
        while (await row.ReadAsync(cancel))
        {
            batches.Add(new(
                row.GetInt32(0), row.GetString(1), row.GetInt32(2), row.GetString(3), row.GetInt32(4), row.GetInt32(5),
                row.GetInt32(6), row.GetFieldValue<DateTimeOffset>(7)));
        }

        return batches;
    }

    public async Task<List<SentPiece>> ReadPiecesAsync(int batchId, CancellationToken cancel)
    {
        await using var command = Command(PiecesSql, Integer(batchId));
        await using var row = await command.ExecuteReaderAsync(cancel);
        var pieces = new List<SentPiece>();
        while (await row.ReadAsync(cancel))
        {
            pieces.Add(new(
                row.GetString(0), row.GetInt32(1), row.GetInt32(2),
                row.IsDBNull(3) ? PieceState.HandedOff : Enum.Parse<PieceState>(row.GetString(3), ignoreCase: true)));
        }

        return pieces;
    }

    public async Task<List<EarlierClaim>> ReadEarlierAsync(int batchId, CancellationToken cancel)
    {
        await using var command = Command(EarlierSql, Integer(batchId));
        await using var row = await command.ExecuteReaderAsync(cancel);
        var claims = new List<EarlierClaim>();
        while (await row.ReadAsync(cancel))
        {
            claims.Add(new(
                row.GetInt32(0), Enum.Parse<ReceiptStatus>(row.GetString(1), ignoreCase: true),
                row.GetFieldValue<DateTimeOffset>(2)));
        }

        return claims;
    }

    public async Task<long> CountLinesAsync(string batch, CancellationToken cancel)
    {
        await using var command = Command(LineCountSql, Text(batch));
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    public async Task<List<ReceiptLine>> ReadLinesAsync(string batch, CancellationToken cancel)
    {
        await using var command = Command(LinesSql, Text(batch));
        await using var row = await command.ExecuteReaderAsync(cancel);
        var lines = new List<ReceiptLine>();
        while (await row.ReadAsync(cancel))
        {
            lines.Add(new(
                row.GetInt32(0), batch, row[1] as string, (ReceiptStatus)row.GetInt16(2), row[3] as int?,
                row[4] as int?,
                row.GetFieldValue<DateTimeOffset>(5)));
        }

        return lines;
    }

    /// <summary>Notes the file; one that was in quarantine may have become right. Gives its id.</summary>
    public async Task<int> AddFileAsync(ReceivedFile file, ReceiptFileNote note, CancellationToken cancel)
    {
        if (file.Sha256 is null)
        {
            await using var same = Command(
                SameTooLargeSql, Text(note.PrintHouse), new() { Value = file.Bytes }, Text(file.Name));
            await same.ExecuteNonQueryAsync(cancel);
        }

        await using var command = Command(
            AddFileSql, Text(note.PrintHouse), Bytes(file.Sha256), new() { Value = file.Bytes }, Text(file.Name),
            Integer(note.Lines), Text(note.State), Text(note.Reason), Text(note.Detail),
            new() { Value = note.At.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz }, Text(note.Operator));
        return (int)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>The last write of an import: one event for each job, or one without a job.</summary>
    public async Task AddEventsAsync(
        string actor, string action, IEnumerable<int?> jobIds, string detail, CancellationToken cancel)
    {
        await using var command = Command(
            AddEventSql, Text(actor), Text(action),
            new() { Value = jobIds.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer }, Text(detail));
        await command.ExecuteNonQueryAsync(cancel);
    }

    async Task ExecuteAsync(string sql, CancellationToken cancel)
    {
        await using var command = Command(sql);
        await command.ExecuteNonQueryAsync(cancel);
    }

    NpgsqlCommand Command(string sql, params ReadOnlySpan<NpgsqlParameter> values)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var value in values)
        {
            command.Parameters.Add(value);
        }

        return command;
    }

    static Task WriteAsync<T>(NpgsqlBinaryImporter copy, T? value, NpgsqlDbType type, CancellationToken cancel) =>
        value is null ? copy.WriteNullAsync(cancel) : copy.WriteAsync(value, type, cancel);

    static NpgsqlParameter Bytes(byte[]? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea };
}
