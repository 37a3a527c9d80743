using Dispatch.Worker.Database;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Dispatching;

/// <summary>
/// The exactly-once line: a chunk's letters, pieces, held and refused rows and its "done" commit together, or not at
/// all. The update that marks it done demands that the chunk is open and still under the epoch it was taken under, so
/// that a late or doubled worker changes nothing; and that no operator stopped the job.
/// </summary>
static class ChunkTransaction
{
    const string CopyPieces = """
        copy dispatch.pieces (job_id, row_no, person_id, reason, facts, zone, country, postcode, pages, sheets, sealed)
        from stdin (format binary)
        """;

    const string CopyHeld = """
        copy dispatch.held (job_id, row_no, person_id, reference, reason, detail, facts) from stdin (format binary)
        """;

    const string CopyRefused = """
        copy dispatch.refused (job_id, row_no, person_id, reference, reason, detail, facts) from stdin (format binary)
        """;

    const string MarkDone = """
        update dispatch.chunks
        set state = 'done', salt = $4, rule_set = $5, register_version = $6, digital = $7, paper = $8, held = $9,
            refused = $10, done_at = now()
        where job_id = $1 and chunk_no = $2 and state = 'open' and epoch = $3
          and exists (select from dispatch.jobs j where j.job_id = $1 and j.state = 'running')
        """;

    /// <summary>Writes a routed chunk; false when the chunk was no longer this worker's, and nothing was
    /// written.</summary>
    public static async Task<bool> CommitAsync(
        NpgsqlConnection connection, int jobId, int segment, RoutedChunk chunk, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await CopyAsync(connection, segment, chunk.Effects, ct);
        if (!await MarkDoneAsync(connection, transaction, jobId, chunk, ct))
        {
            await transaction.RollbackAsync(ct);
            return false;
        }

        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Writes effects in the transaction the connection is in.</summary>
    public static async Task CopyAsync(
        NpgsqlConnection connection, int segment, EffectBuffers effects, CancellationToken ct)
    {
        await CopyAsync(connection, CopyLetters(segment), effects.Letters, ct);
        await CopyAsync(connection, CopyPieces, effects.Pieces, ct);
        await CopyAsync(connection, CopyHeld, effects.Held, ct);
        await CopyAsync(connection, CopyRefused, effects.Refused, ct);
    }

    // Into the leaf itself: readers go through the parent and its row-level security, the worker does not. available_at
    // is the column's default, the transaction's own time.
    static string CopyLetters(int segment) => $"""
        copy mailbox.letters_{segment} (segment, job_id, row_no, person_id, reason, facts, sealed) from stdin (format binary)
        """;

    static async Task CopyAsync(NpgsqlConnection connection, string copy, CopyBuffer rows, CancellationToken ct)
    {
        if (rows.Rows == 0)
        {
            return;
        }

        await using var stream = await connection.BeginRawBinaryCopyAsync(copy, ct);
        await stream.WriteAsync(rows.Finish(), ct);
    }

    static async Task<bool> MarkDoneAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, int jobId, RoutedChunk chunk, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(MarkDone, connection, transaction);
        var effects = chunk.Effects;
        command.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = chunk.Work.Chunk.ChunkNo, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = chunk.Work.Epoch, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = effects.Salt, NpgsqlDbType = NpgsqlDbType.Bytea });
        command.Parameters.Add(new() { Value = Routing.Rules.RoutingPolicy.RuleSet, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = chunk.RegisterVersion, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = effects.Letters.Rows, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = effects.Pieces.Rows, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = effects.Held.Rows, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = effects.Refused.Rows, NpgsqlDbType = NpgsqlDbType.Integer });
        return await command.ExecuteNonQueryAsync(ct) == 1;
    }
}
