using Dispatch.Routing.Rules;

namespace Dispatch.Worker.Reporting.Audit;

/// <summary>
/// I-04 to I-06: every row has one outcome, with a reason of its kind. 64 rows make a word with one bit a row: five
/// million rows are compared in one scan and a few megabytes, and only a word in which something is wrong is looked at
/// row by row.
/// </summary>
static class OutcomeInvariants
{
    const string EffectsSql = """
        with effects as not materialized (
            select job_id, row_no, 'digital' as effect, reason from mailbox.letters
            where ($1::int is null or job_id = $1) and ($2::int is null or segment = $2)
            union all
            select job_id, row_no, 'paper', reason from dispatch.pieces where $1::int is null or job_id = $1
            union all
            select job_id, row_no, 'held', reason from dispatch.held where $1::int is null or job_id = $1
            union all
            select job_id, row_no, 'refused', reason from dispatch.refused where $1::int is null or job_id = $1
        )
        """;

    const string RepeatedSql = EffectsSql + """
        , words as materialized (
            select job_id, (row_no - 1) >> 6 as word
            from effects
            group by job_id, word
            having count(*) > bit_count(bit_or(1::bigint << ((row_no - 1) & 63))::bit(64))
        )
        select e.job_id, null::int, e.row_no, null::text,
               format('%s outcomes: %s', count(*), string_agg(e.effect, ', ' order by e.effect))
        from effects e
        join words w on w.job_id = e.job_id and w.word = (e.row_no - 1) >> 6
        group by e.job_id, e.row_no
        having count(*) > 1
        order by e.job_id, e.row_no
        """;

    const string MissingSql = EffectsSql + """
        , found as materialized (
            select job_id, (row_no - 1) >> 6 as word, bit_or(1::bigint << ((row_no - 1) & 63)) as bits
            from effects
            group by job_id, word
        ), spans as (
            select c.job_id, c.chunk_no, word, greatest(c.first_row - 1, word * 64) & 63 as first_bit,
                   least(c.first_row + c.rows - 1, word * 64 + 64) - greatest(c.first_row - 1, word * 64) as bits
            from dispatch.jobs j
            join dispatch.chunks c on c.job_id = j.job_id
            cross join lateral generate_series((c.first_row - 1) >> 6, (c.first_row + c.rows - 2) >> 6) word
            where ($1::int is null or j.job_id = $1) and (c.state = 'done' or j.state = 'completed')
        ), expected as (
            select job_id, chunk_no, word,
                   case when bits = 64 then -1::bigint else ((1::bigint << bits) - 1) << first_bit end as bits
            from spans
        ), missing as (
            select x.job_id, x.chunk_no, x.word, x.bits & ~coalesce(f.bits, 0) as bits
            from expected x
            left join found f on f.job_id = x.job_id and f.word = x.word
            where x.bits & ~coalesce(f.bits, 0) <> 0
        )
        select m.job_id, m.chunk_no, m.word * 64 + bit + 1, null::text, 'no outcome'
        from missing m
        cross join generate_series(0, 63) bit
        where (m.bits >> bit) & 1 = 1
        order by 1, 3
        """;

    const string DoneSql = """
        select exists (select from dispatch.chunks where state = 'done' and ($1::int is null or job_id = $1))
        """;

    // The codes of this program, not the table beside the effects: both could be wrong alike.
    static readonly string ReasonsSql = EffectsSql + $"""
        , known (reason, effect, code) as (values {string.Join(", ", Reasons.All.Select(Row))})
        select e.job_id, null::int, e.row_no, null::text, format('%s with reason %s', e.effect, e.reason)
        from effects e
        left join known k on k.reason = e.reason and k.effect = e.effect
        where k.reason is null
        union all
        select null, null, null, null, format('the table of reasons says %s.%s of %s', r.effect, r.code, r.reason)
        from dispatch.reasons r
        join known k on k.reason = r.reason
        where k.effect <> r.effect or k.code <> r.code
        union all
        select null, null, null, null, format('the table of reasons lacks %s.%s', k.effect, k.code)
        from known k
        left join dispatch.reasons r on k.reason = r.reason
        where r.reason is null
        """;

    public static IReadOnlyList<Invariant> All { get; } =
    [
        new("I-04", "no row has two outcomes", RepeatedSql, DoneSql),
        new("I-05", "every row of a done chunk or a completed job has an outcome", MissingSql, DoneSql),
        new("I-06", "every outcome has a reason of its own kind", ReasonsSql),
    ];

    static string Row(Reason reason) =>
        $"({(short)reason}::smallint, '{reason.Channel().Effect()}', '{reason.Code()}')";
}
