namespace Dispatch.Worker.Reporting.Audit;

/// <summary>I-25, I-26, I-30, I-32, I-35, I-40, I-43: keys, trail and time as far as this schema holds them.</summary>
static class TrailInvariants
{
    const string DoneSql = """
        select exists (select from dispatch.chunks where state = 'done' and ($1::int is null or job_id = $1))
        """;

    // Rows released in one act share its salt, as those of a chunk do: their nonces differ by row number. A chunk that
    // sealed nothing has used none.
    const string SaltsSql = """
        with salts as (
            select job_id, chunk_no, null::int as row_no, salt, null::timestamptz as at from dispatch.chunks
            where salt is not null and digital + paper > 0 and ($1::int is null or job_id = $1)
            union all
            select job_id, null, row_no, salt, at from dispatch.releases where $1::int is null or job_id = $1
        ), repeated as (
            select job_id, salt from salts group by job_id, salt
            having count(chunk_no) + count(distinct at) > 1
        )
        select s.job_id, s.chunk_no, s.row_no, null::text, 'shares its salt with another of the job'
        from salts s join repeated r on r.job_id = s.job_id and r.salt = s.salt
        union all
        select job_id, chunk_no, row_no, null, format('a salt of %s bytes, expected 16', length(salt))
        from salts where length(salt) <> 16
        """;

    const string KeysSql = """
        select j.job_id, null::int, null::int, null::text,
               case when k.key_id is null
                    then format('its data key is wrapped under key %s, which is unknown', j.key_id)
                    else format('its data key is wrapped under key %s, which is retired', j.key_id) end
        from dispatch.jobs j
        left join dispatch.keys k on k.key_id = j.key_id
        where ($1::int is null or j.job_id = $1) and j.data_key is not null
          and (k.key_id is null or k.state = 'retired')
        union all
        select j.job_id, null, null, null,
               case when e.job_id is null then 'its data key is gone, but no event says so'
                    else format('its data key is gone though it is %s', j.state) end
        from dispatch.jobs j
        left join (select distinct job_id from dispatch.events where action = 'key_forget') e on e.job_id = j.job_id
        where ($1::int is null or j.job_id = $1) and j.data_key is null
          and (e.job_id is null or j.state not in ('completed', 'cancelled', 'refused'))
        """;

    const string OperatorSql = """
        with acts as (
            select job_id, row_no, 'held_release' as action from dispatch.releases where $1::int is null or job_id = $1
            union all
            select job_id, row_no, 'held_refuse' from dispatch.refused
            where reason = 425 and ($1::int is null or job_id = $1)
        )
        """;

    const string EventsSql = OperatorSql + """

        select a.job_id, null::int, a.row_no, null::text, format('no event %s', a.action)
        from acts a
        left join (select distinct job_id, row_no, action from dispatch.events) e
               on e.job_id = a.job_id and e.row_no = a.row_no and e.action = a.action
        where e.job_id is null
        """;

    const string EventsAppliesSql = OperatorSql + """

        select exists (select from acts)
        """;

    const string RecallsSql = """
        select r.job_id, null::int, r.first_row, null::text,
               format('rows %s to %s were recalled without two operators', r.first_row, r.last_row)
        from mailbox.recalls r
        where ($1::int is null or r.job_id = $1) and not exists (
            select from dispatch.recall_votes v
            where v.job_id = r.job_id and v.rows @> int4range(r.first_row, r.last_row, '[]')
            group by v.rows having count(distinct v.operator) >= 2)
        """;

    const string RecallsAppliesSql = "select exists (select from mailbox.recalls where $1::int is null or job_id = $1)";

    const string DecisionsSql = """
        select c.job_id, c.chunk_no, null::int, null::text,
               case when c.rule_set is null then 'no rule set is noted'
                    when v.version is null then format('register version %s is unknown', c.register_version)
                    else 'decided before its register was imported' end
        from dispatch.chunks c
        join dispatch.jobs j on j.job_id = c.job_id and j.state <> 'cancelled'
        left join register.versions v on v.version = c.register_version
        where c.state = 'done' and ($1::int is null or c.job_id = $1)
          and (c.rule_set is null or v.version is null or v.imported_at > c.done_at)
        union all
        select r.job_id, null, r.row_no, null, format('released under register version %s, which is unknown or later',
               r.register_version)
        from dispatch.releases r
        left join register.versions v on v.version = r.register_version
        where ($1::int is null or r.job_id = $1) and (v.version is null or v.imported_at > r.at)
        """;

    const string SettingsSql = """
        select null::int, null::int, null::int, null::text, format('%s is %s', name, setting)
        from pg_settings
        where (name in ('fsync', 'full_page_writes') and setting <> 'on')
           or (name = 'synchronous_commit' and setting = 'off')
           or (name = 'data_sync_retry' and setting <> 'off')
        """;

    const string TimesSql = """
        select j.job_id, null::int, null::int, null::text, 'submitted, released and completed are not in this order'
        from dispatch.jobs j
        where ($1::int is null or j.job_id = $1)
          and (j.released_at < j.submitted_at or j.completed_at < j.released_at)
        union all
        select c.job_id, c.chunk_no, null, null, 'done before its job was released or after it was completed'
        from dispatch.chunks c
        join dispatch.jobs j on j.job_id = c.job_id
        where ($1::int is null or c.job_id = $1) and c.state = 'done'
          and (c.done_at < j.released_at or c.done_at > j.completed_at)
        union all
        select b.job_id, null, null, b.name, 'handed off before it was planned'
        from dispatch.batches b
        where ($1::int is null or b.job_id = $1) and b.handed_off_at < b.created_at
        """;

    public static IReadOnlyList<Invariant> All { get; } =
    [
        new("I-25", "every chunk and act of release has a salt of its own, so that no key and nonce repeat",
            SaltsSql, DoneSql),
        new("I-26",
            "a job's data key is wrapped under a key in use, or was destroyed when the job had ended, with an event",
            KeysSql),
        new("I-30", "what an operator did to a held row has its event", EventsSql, EventsAppliesSql),
        new("I-32", "letters were recalled by two operators, who gave a reason", RecallsSql, RecallsAppliesSql),
        new("I-35", "decisions name their rule set and a register version that was there first", DecisionsSql, DoneSql),
        new("I-40", "the server does not give up durability", SettingsSql),
        new("I-43", "the times of a job, its chunks and batches follow each other", TimesSql),
    ];
}
