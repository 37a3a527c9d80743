namespace Dispatch.Worker.Reporting.Audit;

/// <summary>
/// I-07 to I-11: digital, paper, held and refused exclude each other, and each chunk has as many of them as it said
/// when it was committed. The counts of a chunk follow the cancelling of its job and nothing else; what operators do
/// with held rows afterwards stands in <c>dispatch.releases</c> and as refusals of reason 425, and is taken into
/// account here.
/// </summary>
static class EffectInvariants
{
    // Which chunk a row is in: place of the last first_row that is not above it.
    const string StartsSql = """
        with starts as materialized (
            select job_id, array_agg(first_row order by first_row) as first_rows,
                   array_agg(chunk_no order by first_row) as chunk_nos
            from dispatch.chunks where $1::int is null or job_id = $1
            group by job_id
        ), released as materialized (
            select job_id, row_no from dispatch.releases where $1::int is null or job_id = $1
        )
        """;

    const string TallySql = """
        , tally as (
            select s.job_id, s.chunk_nos[place] as chunk_no, sum(n)::bigint as n
            from (
                select l.job_id, width_bucket(l.row_no, s.first_rows) as place, count(*) as n
                from lines l join starts s on s.job_id = l.job_id
                group by l.job_id, place
            ) counted
            join starts s on s.job_id = counted.job_id
            group by s.job_id, s.chunk_nos[place]
        )
        select c.job_id, c.chunk_no, null::int, null::text,
               format('%s %s rows, the chunk was committed with %s', coalesce(t.n, 0), '{0}', coalesce(c.{0}, 0))
        from dispatch.chunks c
        left join tally t on t.job_id = c.job_id and t.chunk_no = c.chunk_no
        where ($1::int is null or c.job_id = $1) and coalesce(t.n, 0) <> coalesce(c.{0}, 0)
        """;

    const string LettersSql = """
        (select job_id, row_no from mailbox.letters
         where ($1::int is null or job_id = $1) and ($2::int is null or segment = $2))
        """;

    const string DigitalSql = """
        select l.job_id, null::int, l.row_no, null::text, format('a letter, and also %s', o.effect)
        from {1} l
        join (
            select job_id, row_no, 'a print piece' as effect from dispatch.pieces where $1::int is null or job_id = $1
            union all
            select job_id, row_no, 'held' from dispatch.held where $1::int is null or job_id = $1
            union all
            select job_id, row_no, 'refused' from dispatch.refused where $1::int is null or job_id = $1
        ) o on o.job_id = l.job_id and o.row_no = l.row_no
        union all
        select * from (
            {2}, lines as not materialized (
                select l.job_id, l.row_no from {1} l
                where not exists (select from released r where r.job_id = l.job_id and r.row_no = l.row_no)
            ){3}
        ) x
        """;

    const string PaperSql = """
        select p.job_id, null::int, p.row_no, null::text, 'a print piece of a completed job in no batch'
        from dispatch.pieces p
        join dispatch.jobs j on j.job_id = p.job_id and j.state = 'completed'
        left join (select distinct job_id, row_no from dispatch.batch_pieces where $1::int is null or job_id = $1) b
               on b.job_id = p.job_id and b.row_no = p.row_no
        where ($1::int is null or p.job_id = $1) and b.row_no is null
        union all
        select b.job_id, null, null, b.name, format('%s, though its job is completed', b.state)
        from dispatch.batches b
        join dispatch.jobs j on j.job_id = b.job_id and j.state = 'completed'
        where ($1::int is null or b.job_id = $1) and b.attempt = 1 and b.state in ('planned', 'composed')
        union all
        select job_id, null, row_no, null, format('attempt %s after %s others', max(attempt), count(*) - 1)
        from dispatch.batch_pieces where $1::int is null or job_id = $1
        group by job_id, row_no having max(attempt) > count(*)
        union all
        select * from (
            {2}, lines as not materialized (
                select p.job_id, p.row_no from dispatch.pieces p
                where ($1::int is null or p.job_id = $1)
                  and not exists (select from released r where r.job_id = p.job_id and r.row_no = p.row_no)
            ){3}
        ) x
        """;

    const string UnsentSql = """
        select u.job_id, null::int, u.row_no, null::text, format('%s, and also %s', u.effect, e.effect)
        from (
            select job_id, row_no, 'held' as effect from dispatch.held where $1::int is null or job_id = $1
            union all
            select job_id, row_no, 'refused' from dispatch.refused where $1::int is null or job_id = $1
        ) u
        join (
            select job_id, row_no, 'a letter' as effect from {1} l
            union all
            select job_id, row_no, 'a print piece' from dispatch.pieces where $1::int is null or job_id = $1
        ) e on e.job_id = u.job_id and e.row_no = u.row_no
        """;

    // Held once: held still, released since, or refused by an operator since.
    const string HeldSql = """
        union all
        select * from (
            {2}, lines as (
                select job_id, row_no from dispatch.held where $1::int is null or job_id = $1
                union
                select job_id, row_no from released
                union
                select job_id, row_no from dispatch.refused where reason = 425 and ($1::int is null or job_id = $1)
            ){3}
        ) x
        """;

    const string RefusedSql = """
        union all
        select * from (
            {2}, lines as not materialized (
                select f.job_id, f.row_no from dispatch.refused f
                where f.reason <> 425 and ($1::int is null or f.job_id = $1)
                  and not exists (select from released r where r.job_id = f.job_id and r.row_no = f.row_no)
            ){3}
        ) x
        """;

    const string StrangersSql = """
        select e.job_id, null::int, e.row_no, null::text, format('%s outside the rows of an accepted job', e.effect)
        from (
            select job_id, row_no, 'a letter' as effect, segment from mailbox.letters
            where ($1::int is null or job_id = $1) and ($2::int is null or segment = $2)
            union all
            select job_id, row_no, 'a print piece', null from dispatch.pieces where $1::int is null or job_id = $1
            union all
            select job_id, row_no, 'held', null from dispatch.held where $1::int is null or job_id = $1
            union all
            select job_id, row_no, 'refused', null from dispatch.refused where $1::int is null or job_id = $1
        ) e
        left join dispatch.jobs j on j.job_id = e.job_id
        where j.job_id is null or e.row_no < 1 or e.row_no > j.rows or e.segment <> j.segment
        union all
        select i.job_id, null, i.row_no, b.name, 'printed, but no print piece of the batch''s job'
        from dispatch.batch_pieces i
        join dispatch.batches b on b.batch_id = i.batch_id
        left join dispatch.pieces p on p.job_id = i.job_id and p.row_no = i.row_no and p.job_id = b.job_id
        where ($1::int is null or b.job_id = $1) and p.job_id is null
        """;

    const string TwiceSentSql = """
        select i.job_id, null::int, i.row_no, string_agg(b.name, ', ' order by b.name),
               format('%s live batches for attempt %s', count(*), i.attempt)
        from dispatch.batch_pieces i
        join dispatch.batches b on b.batch_id = i.batch_id
        where $1::int is null or i.job_id = $1
        group by i.job_id, i.row_no, i.attempt
        having count(*) > 1
        union all
        select l.job_id, null, l.row_no, null, 'a letter and a print piece'
        from {1} l
        join dispatch.pieces p on p.job_id = l.job_id and p.row_no = l.row_no
        """;

    const string AnySql = """
        select exists (select from {0} where $1::int is null or job_id = $1)
        """;

    public static IReadOnlyList<Invariant> All { get; } =
    [
        new("I-07", "digital rows have one letter and nothing else, as many as their chunk says",
            Fill(DigitalSql, "digital")),
        new("I-08",
            "paper rows have one print piece, which a completed job has handed off, as many as their chunk says",
            Fill(PaperSql, "paper")),
        new("I-09", "held and refused rows have no letter and no print piece, as many as their chunk says",
            Fill(UnsentSql + "\n" + HeldSql, "held") + "\n" + Fill(RefusedSql, "refused")),
        new("I-10", "no letter, piece, held or refused line without an accepted row of its job", StrangersSql),
        new("I-11", "no row is in two live batches, or both digital and paper", Fill(TwiceSentSql, "paper"),
            AnySql.Replace("{0}", "dispatch.pieces", StringComparison.Ordinal)),
    ];

    static string Fill(string sql, string effect) => sql
        .Replace("{2}", StartsSql, StringComparison.Ordinal)
        .Replace("{3}", TallySql, StringComparison.Ordinal)
        .Replace("{1}", LettersSql, StringComparison.Ordinal)
        .Replace("{0}", effect, StringComparison.Ordinal);
}
