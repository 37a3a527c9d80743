using Dispatch.Worker.Database;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Retention;

/// <summary>The record of purges. What goes is counted before it goes; the count stays.</summary>
sealed class PurgeTable(NpgsqlDataSource database, string actor)
{
    const string DueSql = """
        select j.job_id, j.segment, j.rows, j.list_file, f.final_at, p.purge_no
        from dispatch.jobs j
        cross join lateral (select dispatch.class_final_at($1, j.job_id) as final_at) f
        left join dispatch.purges p on p.class = $1 and p.job_id = j.job_id
        where p.state is distinct from 'done' and ($3::int is null or j.job_id = $3)
          and j.submitted_at <= clock_timestamp() - make_interval(days => $2)
          and f.final_at <= clock_timestamp() - make_interval(days => $2)
        order by j.job_id
        """;

    const string WaitingSql = """
        select count(*)::int from dispatch.jobs j
        where j.completed_at <= clock_timestamp() - make_interval(days => $2)
          and not exists (select from dispatch.purges p where p.class = $1 and p.job_id = j.job_id and p.state = 'done')
          and dispatch.class_final_at($1, j.job_id) is null
        """;

    const string BeginSql = """
        insert into dispatch.purges (class, job_id, days, final_at, items, begun_by) values ($1, $2, $3, $4, $5, $6)
        returning purge_no
        """;

    const string EndSql = """
        update dispatch.purges set state = 'done', done_at = clock_timestamp() where purge_no = $1 and state = 'open'
        returning format('%s: %s of %s days or more, final since %s', class, items, days,
                         to_char(final_at at time zone 'UTC', 'YYYY-MM-DD')), job_id, items
        """;

    /// <summary>Jobs of which this class is due, those with a purge that was not ended among them.</summary>
    /// <param name="jobId">Only this one; null for all.</param>
    public async Task<List<DueJob>> FindDueAsync(PurgeClass purged, int? jobId, CancellationToken ct)
    {
        await using var command = ClassCommand(DueSql, purged);
        command.Parameters.Add(new() { Value = (object?)jobId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var row = await command.ExecuteReaderAsync(ct);
        var due = new List<DueJob>();
        while (await row.ReadAsync(ct))
        {
            due.Add(new(
                row.GetInt32(0), row.GetInt32(1), row.GetInt32(2), row.GetString(3), row.GetDateTime(4),
                row[5] as int?));
        }

        return due;
    }

    public async Task<int> CountWaitingAsync(PurgeClass purged, CancellationToken ct)
    {
        await using var command = ClassCommand(WaitingSql, purged);
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Puts on record what is about to go.</summary>
    public async Task<int> BeginAsync(
        NpgsqlConnection connection, PurgeClass purged, int? jobId, DateTime finalAt, long items, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(BeginSql, connection);
        command.Parameters.Add(new() { Value = purged.Name, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)jobId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = purged.Days, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = finalAt, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = items, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = actor, NpgsqlDbType = NpgsqlDbType.Text });
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Everything is gone: says so, in the trail too.</summary>
    /// <returns>How much there had been.</returns>
    public async Task<long> EndAsync(int purgeNo, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var items = await EndAsync(connection, purgeNo, ct);
        await transaction.CommitAsync(ct);
        return items;
    }

    /// <summary>The same, last in the transaction the connection is in.</summary>
    public async Task<long> EndAsync(NpgsqlConnection connection, int purgeNo, CancellationToken ct)
    {
        var (detail, jobId, items) = await CloseAsync(connection, purgeNo, ct);
        await Trail.NoteAsync(connection, actor, "purge", jobId, detail, ct);
        return items;
    }

    static async Task<(string Detail, int? JobId, long Items)> CloseAsync(
        NpgsqlConnection connection, int purgeNo, CancellationToken ct)
    {
        await using var end = new NpgsqlCommand(EndSql, connection);
        end.Parameters.Add(new() { Value = purgeNo, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var row = await end.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? (row.GetString(0), row[1] as int?, row.GetInt64(2))
            : throw new InvalidOperationException($"purge {purgeNo} was ended by somebody else");
    }

    NpgsqlCommand ClassCommand(string sql, PurgeClass purged)
    {
        var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = purged.Name, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = purged.Days, NpgsqlDbType = NpgsqlDbType.Integer });
        return command;
    }
}
