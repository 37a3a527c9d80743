namespace Dispatch.Worker.Reporting.Audit;

/// <summary>I-33: what was purged is accounted for.</summary>
static class RetentionInvariants
{
    // One scan of each table tells what is gone, what is kept and how young the youngest is.
    const string PurgedSql = """
        with tally as (
            select 'letters' as class, job_id, count(*) filter (where sealed = '') as gone, count(*) as there,
                   max(available_at) as youngest
            from mailbox.letters
            where ($2::int is null or segment = $2) and ($1::int is null or job_id = $1) group by job_id
            union all
            select 'pieces', i.job_id, count(*) filter (where i.sealed = ''), count(*),
                   (select max(b.handed_off_at) from dispatch.batches b where b.job_id = i.job_id)
            from dispatch.pieces i where $1::int is null or i.job_id = $1 group by i.job_id
        ), purges as (
            select * from dispatch.purges where $1::int is null or job_id = $1
        )
        select t.job_id, null::int, null::int, null::text,
               format('values of %s %s are gone, and no purge is on record', t.gone, t.class)
        from tally t
        where t.gone > 0 and not exists (select from purges p where p.class = t.class and p.job_id = t.job_id)
        union all
        select p.job_id, null, null, null,
               format('the purge counted %s %s; %s of %s are gone',
                      p.items, p.class, coalesce(t.gone, 0), coalesce(t.there, 0))
        from purges p
        left join tally t on t.class = p.class and t.job_id = p.job_id
        where p.class in ('letters', 'pieces')
          and (coalesce(t.gone, 0) > p.items
               or p.state = 'done' and (coalesce(t.gone, 0) <> p.items or t.gone <> t.there))
        union all
        select p.job_id, null, null, null,
               format('%s were purged when the youngest was kept for less than %s days', p.class, p.days)
        from purges p
        left join tally t on t.class = p.class and t.job_id = p.job_id
        left join dispatch.jobs j on j.job_id = p.job_id
        where p.begun_at < greatest(p.final_at, t.youngest, j.completed_at) + make_interval(days => p.days)
        union all
        select p.job_id, null, null, null, format('%s were purged, though the job is %s%s', p.class, j.state,
               case when h.job_id is null then '' else ' and rows of it are held' end)
        from purges p
        join dispatch.jobs j on j.job_id = p.job_id
        left join (select distinct job_id from dispatch.held) h on h.job_id = p.job_id
        where j.state not in ('completed', 'cancelled', 'refused') or h.job_id is not null
        union all
        select p.job_id, null, null, b.name, format('%s were purged, though the batch is %s', p.class, b.state)
        from purges p
        join dispatch.batches b on b.job_id = p.job_id and b.state not in ('printed', 'rejected')
        where p.class in ('pieces', 'print_files')
        union all
        select p.job_id, null, null, null, format('%s were purged, and no event says so', p.class)
        from purges p
        where p.state = 'done' and not exists (
            select from dispatch.events e
            where e.action = 'purge' and e.job_id is not distinct from p.job_id
              and starts_with(e.detail, p.class || ': '))
        union all
        select null, null, null, null,
               format('purge %s counted %s receipt files, %s went in it', p.purge_no, p.items, f.files)
        from purges p
        cross join lateral (
            select count(*) as files from dispatch.receipt_files r
            where r.purge_no = p.purge_no and r.state = 'applied') f
        where p.class = 'receipts' and p.items <> f.files
        union all
        select p.job_id, null, null, null,
               format('the purge counted %s notices; %s are counted, %s are there', p.items, c.counted, n.there)
        from purges p
        cross join lateral (
            select coalesce(sum(k.count), 0) as counted from dispatch.notice_counts k where k.job_id = p.job_id) c
        cross join lateral (select count(*) as there from dispatch.notices t where t.job_id = p.job_id) n
        where p.class = 'notices' and (c.counted > 0 or p.state = 'done') and (c.counted <> p.items or n.there > 0)
        union all
        select c.job_id, null, null, null, 'notices are counted, and no purge is on record'
        from dispatch.notice_counts c
        where ($1::int is null or c.job_id = $1) and not exists (
            select from purges p where p.class = 'notices' and p.job_id = c.job_id)
        union all
        select null, null, null, null,
               format('purge %s counted %s of the operator''s letters; %s went in it, %s are there',
                      p.purge_no, p.items, o.gone, o.there)
        from purges p
        cross join lateral (
            select coalesce(sum(w.letters), 0) as gone,
                   (select count(*) from register.own_letters l join register.own_jobs v on v.reference = l.reference
                    where v.purge_no = p.purge_no) as there
            from register.own_jobs w where w.purge_no = p.purge_no) o
        where p.class = 'own_letters' and (o.gone <> p.items or o.there > 0)
        """;

    const string AppliesSql = "select exists (select from dispatch.purges where $1::int is null or job_id = $1)";

    public static IReadOnlyList<Invariant> All { get; } =
    [
        new("I-33", "what was purged was final and old enough, was counted, and is told of by an event",
            PurgedSql, AppliesSql),
    ];
}
