using Dispatch.PrintExport.Handoff;
using Dispatch.PrintExport.Manifest;
using Dispatch.Worker.Database;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Printing;

/// <summary>
/// The batches of one job in the database. Every update names the state it leaves, so that a late one is void.
/// </summary>
sealed class BatchTable(NpgsqlDataSource database, int jobId)
{
    const string OpenSql = """
        select batch_id, name, attempt, print_house, envelope, postage, duplex, colour, pieces, pages, sheets,
               state, handoff_started_at is not null, created_at, pdf_bytes, pdf_sha256, manifest_bytes,
               manifest_sha256,
               ticket_ready_at is not null, handoff_target
        from dispatch.batches
        where job_id = $1 and state in ('planned', 'composed')
        order by batch_id
        """;

    const string BegunSql = "select name from dispatch.batches where job_id = $1 and handoff_started_at is not null";

    const string ComposedSql = """
        update dispatch.batches
        set state = 'composed', pdf_bytes = $3, pdf_sha256 = $4, manifest_bytes = $5, manifest_sha256 = $6
        where job_id = $1 and batch_id = $2 and state = 'planned'
        """;

    const string PlannedSql = """
        update dispatch.batches b set created_at = p.at
        from unnest($2, $3) p (batch_id, at)
        where b.job_id = $1 and b.batch_id = p.batch_id and b.state = 'composed' and b.created_at <> p.at
        """;

    const string StartedSql = """
        update dispatch.batches set handoff_started_at = $3, handoff_target = $4
        where job_id = $1 and batch_id = any($2) and state = 'composed' and handoff_started_at is null
          and not exists (select from dispatch.jobs j where j.job_id = $1 and j.state in ('paused', 'cancelled'))
        """;

    const string TicketReadySql = """
        update dispatch.batches set ticket_ready_at = $3
        where job_id = $1 and batch_id = any($2) and state = 'composed' and handoff_started_at is not null
        """;

    const string HandedOffSql = """
        with done as (
            update dispatch.batches set state = 'handed_off', handed_off_at = $3, receipt_due = $4
            where job_id = $1 and batch_id = any($2) and state = 'composed' and handoff_started_at is not null
            returning batch_id, name, print_house, pieces
        )
        insert into dispatch.events (actor, action, job_id, detail)
        select $5, 'handoff', $1, format('%s to %s, %s pieces', name, print_house, pieces) from done order by batch_id
        """;

    const string HandingOffSql =
        "update dispatch.jobs set state = 'handing_off' where job_id = $1 and state = 'composing'";

    const string TotalsSql = """
        select count(*)::int, coalesce(sum(pieces), 0)::bigint, coalesce(sum(pages), 0)::bigint,
               coalesce(sum(sheets), 0)::bigint
        from dispatch.batches where job_id = $1
        """;

    /// <summary>The batches that are not handed off yet, in the order they were planned.</summary>
    public async Task<List<PrintBatch>> ReadOpenAsync(CancellationToken cancel)
    {
        await using var command = Command(OpenSql);
        await using var row = await command.ExecuteReaderAsync(cancel);
        var batches = new List<PrintBatch>();
        while (await row.ReadAsync(cancel))
        {
            batches.Add(Read(row));
        }

        return batches;
    }

    /// <summary>Names of the batches whose hand-off was begun, or is done.</summary>
    public async Task<IReadOnlySet<string>> ReadBegunAsync(CancellationToken cancel)
    {
        await using var command = Command(BegunSql);
        await using var row = await command.ExecuteReaderAsync(cancel);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancel))
        {
            names.Add(row.GetString(0));
        }

        return names;
    }

    /// <summary>Batches that turned out to have been handed off before.</summary>
    public async Task RecordFoundAsync(
        IReadOnlyList<PrintBatch> batches, DateTimeOffset at, DateOnly receiptDue, CancellationToken cancel)
    {
        if (batches.Count > 0)
        {
            int[] ids = [.. batches.Select(batch => batch.BatchId)];
            await RecordPlannedAsync(batches, cancel);
            await RecordStartedAsync(ids, at, target: null, cancel);
            await RecordHandedOffAsync(ids, at, receiptDue, cancel);
            await Trail.NoteAsync(
                database, Operator.Name, "handoff_found", jobId,
                $"{batches.Count} batches were out already, '{batches[0].Name}' first", cancel);
        }
    }

    // Their tickets were written by the plan that was forgotten.
    async Task RecordPlannedAsync(IReadOnlyList<PrintBatch> batches, CancellationToken cancel)
    {
        await using var command = Command(PlannedSql);
        command.Parameters.Add(new()
        {
            Value = batches.Select(batch => batch.BatchId).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer,
        });
        command.Parameters.Add(new()
        {
            Value = batches.Select(batch => batch.CreatedAt).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
        });
        await command.ExecuteNonQueryAsync(cancel);
    }

    public async Task RecordComposedAsync(int batchId, FileDigest pdf, FileDigest manifest, CancellationToken cancel)
    {
        await using var command = Command(ComposedSql);
        command.Parameters.Add(new() { Value = batchId, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = pdf.Bytes, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = pdf.Sha256.ToArray(), NpgsqlDbType = NpgsqlDbType.Bytea });
        command.Parameters.Add(new() { Value = manifest.Bytes, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = manifest.Sha256.ToArray(), NpgsqlDbType = NpgsqlDbType.Bytea });
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Must be durable before the first file of these batches leaves the staging folder.</summary>
    /// <param name="target">The SFTP server they go to; null = the outbox.</param>
    /// <exception cref="Dispatch.Routing.DispatchException"><c>job.waiting</c>, exit 75:
    /// an operator stopped the job.</exception>
    public async Task RecordStartedAsync(
        IReadOnlyCollection<int> batchIds, DateTimeOffset at, string? target, CancellationToken cancel)
    {
        var started = await UpdateAsync(
            StartedSql, batchIds, at, cancel,
            new NpgsqlParameter { Value = (object?)target ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        if (started != batchIds.Count)
        {
            // Or they were begun before, and are gone on with.
            await ThrowIfStoppedAsync(cancel);
        }
    }

    /// <summary>Must be durable before the ticket gets its name on the server.</summary>
    public Task RecordTicketReadyAsync(int batchId, DateTimeOffset at, CancellationToken cancel) =>
        UpdateAsync(TicketReadySql, [batchId], at, cancel);

    /// <param name="receiptDue">Local date by the end of which the print house must
    /// have answered for every piece.</param>
    public Task RecordHandedOffAsync(
        IEnumerable<int> batchIds, DateTimeOffset at, DateOnly receiptDue, CancellationToken cancel) =>
        UpdateAsync(
            HandedOffSql, batchIds, at, cancel,
            new NpgsqlParameter { Value = receiptDue, NpgsqlDbType = NpgsqlDbType.Date },
            new NpgsqlParameter { Value = Operator.Name, NpgsqlDbType = NpgsqlDbType.Text });

    /// <exception cref="Dispatch.Routing.DispatchException"><c>job.waiting</c>, exit 75:
    /// an operator stopped the job.</exception>
    public Task ThrowIfStoppedAsync(CancellationToken cancel) => JobStates.ThrowIfStoppedAsync(database, jobId, cancel);

    public async Task RecordHandingOffAsync(CancellationToken cancel)
    {
        await using var command = Command(HandingOffSql);
        await command.ExecuteNonQueryAsync(cancel);
    }

    public async Task<PrintResult> SumAsync(TimeSpan composing, TimeSpan handingOff, CancellationToken cancel)
    {
        await using var command = Command(TotalsSql);
        await using var row = await command.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        return new(row.GetInt32(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), composing, handingOff);
    }

    async Task<int> UpdateAsync(
        string sql, IEnumerable<int> batchIds, DateTimeOffset at, CancellationToken cancel,
        params NpgsqlParameter[] others)
    {
        await using var command = Command(sql);
        command.Parameters.Add(new()
        {
            Value = batchIds.ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer,
        });
        command.Parameters.Add(new() { Value = at.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.AddRange(others);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    NpgsqlCommand Command(string sql)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        return command;
    }

    static PrintBatch Read(NpgsqlDataReader row)
    {
        var progress = row.GetString(11) == "planned" ? BatchProgress.Planned
            : row.GetBoolean(12) ? BatchProgress.HandoffStarted
            : BatchProgress.Composed;
        return new(
            row.GetInt32(0), row.GetString(1), row.GetInt16(2), row.GetString(3), row.GetString(4), row.GetString(5),
            row.GetBoolean(6), row.GetBoolean(7), row.GetInt32(8), row.GetInt32(9), row.GetInt32(10), progress,
            row.GetFieldValue<DateTime>(13), Digest(row, 14), Digest(row, 16), row.GetBoolean(18), row[19] as string);
    }

    static FileDigest? Digest(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : new(row.GetInt64(column), row.GetFieldValue<byte[]>(column + 1));
}
