using Dispatch.Worker.Database.Jobs;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Dispatching;

/// <summary>Takes open chunks, and prepares the leaf their letters go to.</summary>
static class ChunkStore
{
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

    /// <summary>Makes the leaf of a large job. Attaching, unlike creating it as a partition, does not lock readers out.
    /// </summary>
    public static async Task CreateLeafAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, int segment, CancellationToken ct)
    {
        if (segment == 0)
        {
            return;
        }

        var sql = $"""
            create table mailbox.letters_{segment} (
                like mailbox.letters including defaults,
                constraint letters_{segment}_segment check (segment = {segment}),
                constraint letters_{segment}_pk primary key (job_id, row_no)
            );
            alter table mailbox.letters attach partition mailbox.letters_{segment} for values in ({segment});
            """;
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The index a mailbox is read by; built once, when the leaf is full, instead of being kept up in random order
    /// row by row.</summary>
    public static async Task IndexLeafAsync(NpgsqlDataSource database, int segment, CancellationToken ct)
    {
        if (segment == 0)
        {
            return;
        }

        var sql = $"create index if not exists letters_{segment}_owner on mailbox.letters_{segment} (person_id, available_at desc)";
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(ct);
    }
}
