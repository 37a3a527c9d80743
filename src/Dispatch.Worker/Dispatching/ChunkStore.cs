using Dispatch.Worker.Database.Jobs;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Dispatching;

/// <summary>Takes open chunks, and prepares the leaf their letters go to.</summary>
static class ChunkStore
{
    const int SharedSegment = 0;

    /// <summary>Takes every open chunk of the job under a new epoch: whoever held one before can no longer commit it.
    /// </summary>
    public static async Task<IReadOnlyList<ChunkWork>> TakeOpenAsync(
        NpgsqlDataSource database, AcceptedJob job, CancellationToken ct)
    {
        const string Sql = """
            update dispatch.chunks set epoch = epoch + 1
            where job_id = $1 and state = 'open'
            returning chunk_no, duplicates, epoch
            """;
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = job.JobId, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var row = await command.ExecuteReaderAsync(ct);
        var chunks = job.Chunks.ToDictionary(chunk => chunk.ChunkNo);
        var taken = new List<ChunkWork>();
        while (await row.ReadAsync(ct))
        {
            taken.Add(new(chunks[row.GetInt32(0)], row.IsDBNull(1) ? [] : row.GetFieldValue<int[]>(1), row.GetInt32(2)));
        }

        return [.. taken.OrderBy(work => work.Chunk.ChunkNo)];
    }

    /// <summary>Makes the leaf of a large job.</summary>
    public static async Task CreateLeafAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, AcceptedJob job, CancellationToken ct)
    {
        if (job.Segment == SharedSegment)
        {
            return;
        }

        await using var command = new NpgsqlCommand("select mailbox.create_leaf($1)", connection, transaction);
        command.Parameters.Add(new() { Value = job.JobId, NpgsqlDbType = NpgsqlDbType.Integer });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The index a mailbox is read by; built once, when the leaf is full.</summary>
    public static async Task IndexLeafAsync(NpgsqlDataSource database, AcceptedJob job, CancellationToken ct)
    {
        if (job.Segment == SharedSegment)
        {
            return;
        }

        await using var command = database.CreateCommand("select mailbox.index_leaf($1)");
        command.Parameters.Add(new() { Value = job.JobId, NpgsqlDbType = NpgsqlDbType.Integer });
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(ct);
    }
}
