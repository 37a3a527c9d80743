using Dispatch.Worker.Database.Jobs;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Scheduling;

/// <summary>What there is to start, read from our own tables: the scheduler's may be lost at any time.</summary>
static class OpenWork
{
    const int WorkMax = 500;

    // As we put it there. What the scheduler recovers from a node that is gone it sets for its own time, which may be
    // hours away by the clock of another.
    const string IsQueued =
        $"t.sched_name = '{ClusterScheduler.Cluster}' and t.trigger_state = 'WAITING' and t.trigger_name = t.job_name";

    // A job's steps follow each other, so each job has work of one kind at a time. What is at work, with a live lease
    // or as the job's steward, is left out. The small jobs come first. A job that goes out slowly has one shard at a
    // time, when it is its turn. A setback noted in the future was noted before the server's clock was set back.
    static readonly string WorkSql = $"""
        with open as (
            select j.job_id, j.state, j.rows, j.pace is not null as is_paced,
                   coalesce({JobPace.NextTurn} <= clock_timestamp(), true) as has_turn,
                   (select count(*) from dispatch.chunks c where c.job_id = j.job_id) <= 1 as is_small,
                   exists (select from dispatch.chunks c where c.job_id = j.job_id and c.state = 'open') as has_open
            from dispatch.jobs j left join dispatch.setbacks s on s.job_id = j.job_id
            where j.state in ('received', 'checked', 'waiting', 'running', 'composing', 'handing_off')
              and (j.state <> 'waiting' or coalesce(j.not_before <= clock_timestamp(), true))
              and (coalesce(s.retry_at <= clock_timestamp(), true) or s.at > clock_timestamp())
        ), work as (
            select '{nameof(WorkKind.Release)}' as kind, job_id, 0 as shard_no, is_small, rows from open
            where state in ('received', 'checked', 'waiting')
            union all
            select '{nameof(WorkKind.Shard)}', o.job_id, s.shard_no, o.is_small, o.rows
            from open o join dispatch.shards s on s.job_id = o.job_id
            where o.state = 'running' and o.has_turn and {JobShard.IsFree}
              and exists (select from dispatch.chunks c
                          where c.job_id = o.job_id and c.chunk_no between s.first_chunk and s.last_chunk
                            and c.state = 'open')
              and (not o.is_paced or not exists (
                  select from dispatch.chunks c
                  where c.job_id = o.job_id and c.chunk_no < s.first_chunk and c.state = 'open'))
            union all
            select '{nameof(WorkKind.Finish)}', job_id, 0, is_small, rows from open
            where state in ('composing', 'handing_off') or (state = 'running' and not has_open)
        ), named as (
            select *, lower(kind) || '-' || job_id || '-' || shard_no as name from work
        )
        """;

    static readonly string ToStartSql = $"""
        {WorkSql}
        select kind, job_id, shard_no, is_small from named w
        where not exists (
            select from scheduler.qrtz_job_details d
            where d.sched_name = '{ClusterScheduler.Cluster}' and d.job_name = w.name)
        order by rows, job_id, shard_no
        limit {WorkMax}
        """;

    // The scheduler has it, and not as something that waits for a free place; yet nobody is at it.
    static readonly string StartedSql = $"""
        {WorkSql}
        select kind, job_id, shard_no, is_small from named w
        where exists (
            select from scheduler.qrtz_job_details d
            where d.sched_name = '{ClusterScheduler.Cluster}' and d.job_name = w.name)
          and not exists (
            select from scheduler.qrtz_triggers t
            where {IsQueued} and t.job_name = w.name)
          and (w.kind = '{nameof(WorkKind.Shard)}' or not exists (
            select from pg_locks l
            where l.locktype = 'advisory' and l.granted and l.classid = {JobLock.StewardClass} and l.objid = w.job_id))
        order by rows, job_id, shard_no
        limit {WorkMax}
        """;

    const string StartedRunSql = $"""
        select exists (
            select from scheduler.qrtz_job_details d
            where d.sched_name = '{ClusterScheduler.Cluster}' and d.job_name = $1)
          and not exists (
            select from scheduler.qrtz_triggers t
            where {IsQueued} and t.job_name = $1)
        """;

    /// <summary>What the scheduler does not have yet.</summary>
    public static Task<IReadOnlyList<Work>> ReadAsync(NpgsqlDataSource database, CancellationToken ct) =>
        ReadAsync(database, ToStartSql, ct);

    /// <summary>What the scheduler says it is starting and nobody is at: for a moment, or because a node lost its
    /// database in the middle of a start.</summary>
    public static Task<IReadOnlyList<Work>> ReadStartedAsync(NpgsqlDataSource database, CancellationToken ct) =>
        ReadAsync(database, StartedSql, ct);

    /// <summary>Whether the scheduler says it is starting this run of a schedule, or could not.</summary>
    public static async Task<bool> IsStartedAsync(NpgsqlDataSource database, Work run, CancellationToken ct)
    {
        await using var command = database.CreateCommand(StartedRunSql);
        command.Parameters.Add(new() { Value = run.Name, NpgsqlDbType = NpgsqlDbType.Text });
        return await command.ExecuteScalarAsync(ct) is true;
    }

    static async Task<IReadOnlyList<Work>> ReadAsync(NpgsqlDataSource database, string sql, CancellationToken ct)
    {
        var work = new List<Work>();
        await using var command = database.CreateCommand(sql);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            work.Add(new(Enum.Parse<WorkKind>(row.GetString(0)), row.GetInt32(1), row.GetInt32(2), row.GetBoolean(3)));
        }

        return work;
    }
}
