using Dispatch.Worker.Database.Jobs;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Intake;

/// <summary>Writes a job's row and those of its chunks.</summary>
static class JobRows
{
    // The id is drawn first because a large job's segment is named after it.
    const string Insert = """
        with next as (select nextval(pg_get_serial_sequence('dispatch.jobs', 'job_id'))::int as id)
        insert into dispatch.jobs (job_id, sender_cvr, reference, content_sha256, sender_name, title, order_json,
            template_id, state, rows, columns, list_sha256, list_bytes, list_file, data_key, key_id, segment, not_before,
            submitted_by, drip_per_hour, print_of)
        overriding system value
        select id, $1, $2, $3, $4, $5, $6, $7, 'checked', $8, $9, $10, $11, $12, $13, $14,
            case when $8 < $15 then 0 else id end, $16, $17, $18, $19
        from next
        on conflict (sender_cvr, reference) do nothing
        returning job_id
        """;

    /// <param name="printOf">The job whose letters it prints once more.</param>
    /// <returns>Null when the sender has a job of this reference already.</returns>
    public static async Task<int?> PutAsync(
        NpgsqlConnection connection, CheckedJob job, int templateId, int? printOf, string actor, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Insert, connection);
        void Add(object value, NpgsqlDbType type) =>
            command.Parameters.Add(new() { Value = value, NpgsqlDbType = type });
        Add(job.Order.Sender.Cvr, NpgsqlDbType.Text);
        Add(job.Order.Reference, NpgsqlDbType.Text);
        Add(job.ContentSha256, NpgsqlDbType.Bytea);
        Add(job.Order.Sender.Name, NpgsqlDbType.Text);
        Add(job.Order.Title, NpgsqlDbType.Text);
        Add(job.OrderText, NpgsqlDbType.Text);
        Add(templateId, NpgsqlDbType.Integer);
        Add(job.List.Rows, NpgsqlDbType.Integer);
        Add(job.List.Columns.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
        Add(job.List.Sha256, NpgsqlDbType.Bytea);
        Add(job.List.Bytes, NpgsqlDbType.Bigint);
        Add(Path.GetFileName(job.ListPath), NpgsqlDbType.Text);
        Add(job.Key.Wrapped, NpgsqlDbType.Bytea);
        Add(job.Key.KeyId, NpgsqlDbType.Text);
        Add(JobAcceptance.OwnSegmentRowsMin, NpgsqlDbType.Integer);
        Add((object?)job.Order.NotBefore?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType.TimestampTz);
        Add(actor, NpgsqlDbType.Text);
        Add((object?)job.Order.DripPerHour ?? DBNull.Value, NpgsqlDbType.Integer);
        Add((object?)printOf ?? DBNull.Value, NpgsqlDbType.Integer);
        return await command.ExecuteScalarAsync(cancel) as int?;
    }

    public static async Task PutChunksAsync(
        NpgsqlConnection connection, int jobId, IReadOnlyList<JobChunk> chunks, CancellationToken cancel)
    {
        const string Sql = """
            copy dispatch.chunks (job_id, chunk_no, first_row, rows, spool_offset, spool_bytes)
            from stdin (format binary)
            """;
        await using var copy = await connection.BeginBinaryImportAsync(Sql, cancel);
        foreach (var chunk in chunks)
        {
            await copy.StartRowAsync(cancel);
            await copy.WriteAsync(jobId, NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync(chunk.ChunkNo, NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync(chunk.FirstRow, NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync(chunk.Rows, NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync(chunk.SpoolOffset, NpgsqlDbType.Bigint, cancel);
            await copy.WriteAsync(chunk.SpoolBytes, NpgsqlDbType.Integer, cancel);
        }

        await copy.CompleteAsync(cancel);
    }
}
