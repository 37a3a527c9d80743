using Npgsql;

namespace Dispatch.Worker.Health;

/// <summary>What waits in the database, of all workers and jobs together. Nothing in it is about one person or
/// job.</summary>
static class QueueFigures
{
    const int SecondsMax = 10;

    const string Sql = """
        select 'jobs', state, count(*)::float8 from dispatch.jobs
        where state not in ('completed', 'cancelled', 'refused') group by state
        union all
        select 'oldest_job_seconds', state,
               greatest(extract(epoch from clock_timestamp() - min(greatest(submitted_at, not_before))), 0)::float8
        from dispatch.jobs where state not in ('completed', 'cancelled', 'refused') group by state
        union all
        select 'open_rows', '', coalesce(sum(c.rows), 0)::float8
        from dispatch.jobs j join dispatch.chunks c on c.job_id = j.job_id
        where j.state in ('running', 'paused') and c.state = 'open'
        union all
        select 'held_rows', '', count(*)::float8 from dispatch.held
        union all
        select 'batches', state, count(*)::float8 from dispatch.batches
        where state in ('planned', 'composed', 'handed_off') group by state
        union all
        select 'oldest_batch_seconds', state,
               extract(epoch from clock_timestamp() - min(coalesce(handed_off_at, created_at)))::float8
        from dispatch.batches where state in ('planned', 'composed', 'handed_off') group by state
        union all
        select 'batches_unacknowledged', '', count(*)::float8 from dispatch.batches where state = 'handed_off'
        union all
        select 'receipt_deadline_seconds', '',
               extract(epoch from (min(receipt_due) + 1) at time zone 'Europe/Copenhagen' - clock_timestamp())::float8
        from dispatch.batches where state in ('handed_off', 'accepted') having min(receipt_due) is not null
        union all
        select 'incidents_open', '', count(*)::float8 from dispatch.incidents where closed_at is null
        union all
        select 'setbacks', '', count(*)::float8 from dispatch.setbacks
        union all
        select 'notices_waiting', channel, waiting from (
            select 'email' as channel, (select count(*) from (
                select from dispatch.notices where channel = 1 and state = 1 limit 100000) w)::float8 as waiting
            union all
            select 'sms', (select count(*) from (
                select from dispatch.notices where channel = 2 and state = 1 limit 100000) w)) n
        union all
        select 'notices_overdue_seconds', case channel when 1 then 'email' else 'sms' end,
               greatest(extract(epoch from clock_timestamp() - due_at), 0)::float8
        from (select 1 as channel, (select min(due_at) from dispatch.notices where channel = 1 and state = 1) as due_at
              union all
              select 2, (select min(due_at) from dispatch.notices where channel = 2 and state = 1)) o
        where due_at is not null
        union all
        select 'daily_run_failed', schedule, has_failed::int::float8 from (
            select distinct on (schedule) schedule, has_failed from dispatch.runs
            where finished_at is not null order by schedule, business_date desc) r
        union all
        select 'workers', case when gate = '' then 'working' else 'gated' end, count(*)::float8
        from dispatch.nodes where seen_at > clock_timestamp() - interval '20 s' group by 2
        """;

    public static async Task<IReadOnlyList<QueueFigure>> ReadAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        var figures = new List<QueueFigure>();
        await using var command = database.CreateCommand(Sql);
        command.CommandTimeout = SecondsMax;
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            figures.Add(new(row.GetString(0), row.GetString(1), row.GetDouble(2)));
        }

        return figures;
    }
}
