using Dispatch.Routing;
using Dispatch.Routing.Rules;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Security;
using Npgsql;
using NpgsqlTypes;
using static Dispatch.Worker.Database.SqlValue;

namespace Dispatch.Worker.Dispatching.Control;

/// <summary>
/// Ends a job: what reached somebody stays, every other row becomes refused <c>job.cancelled</c>, chunk by chunk.
/// Killed anywhere, it is taken up where it stopped; repeated after the end, it changes nothing.
/// </summary>
sealed class JobCancellation(NpgsqlDataSource database, int jobId, string actor)
{
    // From here on nobody commits a chunk, composes or begins a hand-off.
    const string AskSql = """
        with asked as (
            update dispatch.jobs set state = 'paused', cancelled_by = $2, cancel_reason = $3
            where job_id = $1 and cancelled_by is null and state not in ('completed', 'cancelled', 'refused')
            returning job_id
        )
        insert into dispatch.events (actor, action, job_id, detail) select $2, 'cancel', job_id, $3 from asked
        """;

    const string ChunksSql = "select chunk_no from dispatch.chunks where job_id = $1 order by chunk_no";

    const string EndSql = """
        with ended as (
            update dispatch.jobs set state = 'cancelled'
            where job_id = $1 and state = 'paused' and cancelled_by is not null
            returning job_id
        )
        insert into dispatch.events (actor, action, job_id, detail)
        select $2, 'cancelled', job_id, (
            select format('%s digital, %s paper stay', coalesce(sum(digital), 0), coalesce(sum(paper), 0))
            from dispatch.chunks c where c.job_id = ended.job_id)
        from ended
        """;

    /// <summary>Wants the job ended; whoever is at work on it stops.</summary>
    /// <returns>False when it was cancelled before.</returns>
    /// <exception cref="DispatchException"><c>job.sent</c>, exit 2: every letter of the job went out.</exception>
    public async Task<bool> AskAsync(string reason, CancellationToken ct)
    {
        await using (var ask = Command(AskSql, Text(actor), Text(reason)))
        {
            await ask.ExecuteNonQueryAsync(ct);
        }

        await using var read = Command("select state from dispatch.jobs where job_id = $1");
        return (string)(await read.ExecuteScalarAsync(ct))! switch
        {
            JobStates.Cancelled => false,
            JobStates.Completed => throw new DispatchException(
                "job.sent",
                $"job {jobId} is completed: everything of it was sent; expected a job that is not; what was sent stays "
                + "sent: dispatch recall hides letters from their receivers",
                ExitCode.Usage),
            _ => true,
        };
    }

    /// <summary>Drops the batches nothing was handed off of.</summary>
    /// <returns>Their names.</returns>
    public async Task<List<string>> DropBatchesAsync(CancellationToken ct)
    {
        await using var command = Command("select dispatch.drop_unsent_batches($1)");
        await using var row = await command.ExecuteReaderAsync(ct);
        var names = new List<string>();
        while (await row.ReadAsync(ct))
        {
            names.Add(row.GetString(0));
        }

        return names;
    }

    /// <summary>Gives every row its one effect, and ends the job.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        foreach (var chunkNo in await ReadChunksAsync(ct))
        {
            await using var command = Command(
                "select dispatch.cancel_chunk($1, $2, $3, $4)",
                new() { Value = chunkNo, NpgsqlDbType = NpgsqlDbType.Integer },
                new() { Value = JobKey.NewSalt(), NpgsqlDbType = NpgsqlDbType.Bytea },
                new() { Value = (short)Reason.JobCancelled, NpgsqlDbType = NpgsqlDbType.Smallint });
            await command.ExecuteNonQueryAsync(ct);
        }

        await using var end = Command(EndSql, Text(actor));
        await end.ExecuteNonQueryAsync(ct);
    }

    async Task<List<int>> ReadChunksAsync(CancellationToken ct)
    {
        await using var command = Command(ChunksSql);
        await using var row = await command.ExecuteReaderAsync(ct);
        var chunks = new List<int>();
        while (await row.ReadAsync(ct))
        {
            chunks.Add(row.GetInt32(0));
        }

        return chunks;
    }

    NpgsqlCommand Command(string sql, params NpgsqlParameter[] others)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.AddRange(others);
        return command;
    }
}
