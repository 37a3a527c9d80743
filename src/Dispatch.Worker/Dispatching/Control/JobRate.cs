using Dispatch.Routing;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Dispatching.Control;

/// <summary>An operator's limit on how fast a job goes out, beside the sender's own. May be repeated.</summary>
/// <param name="Pace">Letters an hour now, the lower of the two; null = no limit.</param>
/// <param name="ChunkRows">Letters that go out at once, at most.</param>
sealed record JobRate(string State, int? Pace, int ChunkRows)
{
    // What went out until now is not counted: the first chunk under a new limit waits as if a whole one had.
    const string Sql = """
        with changed as (
            update dispatch.jobs j
            set rate_per_hour = $2, rate_reason = case when $2 is not null then $3 end,
                paced_at = case when j.pace is null and j.released_at is not null then clock_timestamp() else paced_at end,
                paced_rows = case when j.pace is null and j.released_at is not null
                                  then (select max(rows) from dispatch.chunks where job_id = $1) else paced_rows end
            where j.job_id = $1 and state not in ('completed', 'cancelled', 'refused')
              and rate_per_hour is distinct from $2
            returning job_id
        )
        insert into dispatch.events (actor, action, job_id, detail)
        select $4, 'rate', job_id, coalesce($2 || ' an hour', 'none') || ': ' || $3 from changed
        """;

    const string ReadSql = """
        select state, pace, (select max(rows) from dispatch.chunks c where c.job_id = j.job_id)
        from dispatch.jobs j where job_id = $1
        """;

    /// <param name="perHour">Null = no limit but the sender's own.</param>
    /// <exception cref="DispatchException"><c>job.closed</c>, exit 2: nothing goes out any more.</exception>
    public static async Task<JobRate> SetAsync(
        NpgsqlDataSource database, int jobId, int? perHour, string actor, string reason, CancellationToken ct)
    {
        await using (var set = database.CreateCommand(Sql))
        {
            set.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
            set.Parameters.Add(new() { Value = (object?)perHour ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
            set.Parameters.Add(new() { Value = reason, NpgsqlDbType = NpgsqlDbType.Text });
            set.Parameters.Add(new() { Value = actor, NpgsqlDbType = NpgsqlDbType.Text });
            await set.ExecuteNonQueryAsync(ct);
        }

        await using var read = database.CreateCommand(ReadSql);
        read.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var row = await read.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        var rate = new JobRate(row.GetString(0), row[1] as int?, row.GetInt32(2));
        return rate.State is "completed" or "cancelled" or "refused"
            ? throw new DispatchException(
                "job.closed", $"job {jobId} is {rate.State}; expected one that is on its way; nothing of it goes out any more",
                ExitCode.Usage)
            : rate;
    }
}
