using System.Runtime.CompilerServices;
using Dispatch.Worker.Database.Jobs;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Dispatching;

/// <summary>Takes open chunks, and prepares the leaf their letters go to.</summary>
static class ChunkStore
{
    const int SharedSegment = 0;

    // Whoever takes a shard's chunks has its lease.
    const string HasLease = """
        ($4::text is null or exists (
            select from dispatch.shards s
            where s.job_id = $1 and $2 <= s.last_chunk and $3 >= s.first_chunk and s.holder = $4
              and s.lease_until > clock_timestamp()))
        """;

    // One at a time, the state of the job looked at each time: a pause takes effect at the next chunk. A chunk that is
    // taken again is taken from whoever had it.
    const string Take = $"""
        update dispatch.chunks c set epoch = c.epoch + 1
        from dispatch.jobs j
        where j.job_id = $1 and j.state = 'running' and j.pace is null and c.job_id = $1 and c.state = 'open'
          and c.chunk_no = (
              select min(chunk_no) from dispatch.chunks where job_id = $1 and state = 'open' and chunk_no between $2 and $3)
          and {HasLease}
        returning c.chunk_no, c.duplicates, c.epoch
        """;

    // The job's row decides whose turn it is. A turn that comes a little late does not put off the next one; time in which
    // nobody was there is not made up for. What is taken again pays again.
    const string TakeInTurn = $"""
        with next as (
            select chunk_no, rows from dispatch.chunks
            where job_id = $1 and state = 'open' and chunk_no between $2 and $3 order by chunk_no limit 1
        ), turn as (
            update dispatch.jobs j
            set paced_at = greatest(
                    coalesce({JobPace.NextTurn}, clock_timestamp()), clock_timestamp() - interval '5 s'),
                paced_rows = next.rows
            from next
            where j.job_id = $1 and j.state = 'running' and j.pace is not null
              and coalesce({JobPace.NextTurn} <= clock_timestamp(), true) and {HasLease}
            returning next.chunk_no
        )
        update dispatch.chunks c set epoch = c.epoch + 1
        from turn
        where c.job_id = $1 and c.chunk_no = turn.chunk_no and c.state = 'open'
        returning c.chunk_no, c.duplicates, c.epoch
        """;

    const string Wait = $"""
        select greatest(coalesce({JobPace.NextTurn} - clock_timestamp(), interval '0'), interval '0')
        from dispatch.jobs j
        where j.job_id = $1 and j.state = 'running' and j.pace is not null and {HasLease}
          and exists (select from dispatch.chunks
                      where job_id = $1 and state = 'open' and chunk_no between $2 and $3)
        """;

    static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(2);

    /// <summary>Takes the open chunks of a range one after the other, each under a new epoch: whoever held it before
    /// can no longer commit it. Ends early when the job stops running, the shard's lease is lost, its turn is further away
    /// than <paramref name="patience"/>, or <paramref name="mayGoOn"/> says no.</summary>
    /// <param name="holder">Of the lease of the shard the range belongs to; null = the caller has the whole
    /// job.</param>
    public static async IAsyncEnumerable<ChunkWork> TakeEachAsync(
        NpgsqlDataSource database, AcceptedJob job, ChunkRange range, string? holder, Func<bool> mayGoOn,
        TimeProvider clock, TimeSpan patience, [EnumeratorCancellation] CancellationToken ct)
    {
        var rest = range;
        while (mayGoOn())
        {
            var work = await TakeNextAsync(database, Take, job, rest, holder, ct);
            if (work is null)
            {
                if (await ReadWaitAsync(database, job, rest, holder, ct) is not { } wait || wait > patience)
                {
                    yield break;
                }

                if (wait > TimeSpan.Zero)
                {
                    // Not in one go: an operator may change the rate, or pause the job.
                    await Task.Delay(wait < LookPeriod ? wait : LookPeriod, clock, ct);
                    continue;
                }

                work = await TakeNextAsync(database, TakeInTurn, job, rest, holder, ct);
            }

            if (work is not null)
            {
                yield return work with { TakenAt = clock.GetTimestamp() };
                rest = rest with { First = work.Chunk.ChunkNo + 1 };
            }
        }
    }

    /// <summary>Rows that have no effect yet.</summary>
    public static async Task<long> CountOpenRowsAsync(NpgsqlDataSource database, int jobId, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select coalesce(sum(rows), 0)::bigint from dispatch.chunks where job_id = $1 and state = 'open'");
        command.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        return (long)(await command.ExecuteScalarAsync(ct))!;
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

    static async Task<ChunkWork?> TakeNextAsync(
        NpgsqlDataSource database, string sql, AcceptedJob job, ChunkRange range, string? holder, CancellationToken ct)
    {
        await using var command = Command(database, sql, job, range, holder);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new(job.Chunks[row.GetInt32(0)], row.IsDBNull(1) ? [] : row.GetFieldValue<int[]>(1), row.GetInt32(2))
            : null;
    }

    // Null when there is nothing to wait for.
    static async Task<TimeSpan?> ReadWaitAsync(
        NpgsqlDataSource database, AcceptedJob job, ChunkRange range, string? holder, CancellationToken ct)
    {
        await using var command = Command(database, Wait, job, range, holder);
        return await command.ExecuteScalarAsync(ct) as TimeSpan?;
    }

    static NpgsqlCommand Command(
        NpgsqlDataSource database, string sql, AcceptedJob job, ChunkRange range, string? holder)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = job.JobId, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = range.First, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = range.Last, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = (object?)holder ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        return command;
    }
}
