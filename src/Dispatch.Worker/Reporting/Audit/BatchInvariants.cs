namespace Dispatch.Worker.Reporting.Audit;

/// <summary>I-12: a batch is the sum of its pieces, in envelopes that follow each other.</summary>
static class BatchInvariants
{
    const string SumsSql = """
        with items as not materialized (
            select b.job_id, b.batch_id, b.name, i.sequence, i.row_no, i.first_page, i.pages, i.sheets,
                   coalesce(i.envelope_no, i.sequence)
                       - coalesce(lag(coalesce(i.envelope_no, i.sequence)) over w, 0) as envelope_step,
                   row_number() over w as expected_sequence,
                   coalesce(lag(i.first_page + i.pages) over w, 1) as expected_page
            from dispatch.batches b
            join dispatch.batch_pieces i on i.batch_id = b.batch_id
            where $1::int is null or b.job_id = $1
            window w as (partition by i.batch_id order by i.sequence)
        )
        select b.job_id, null::int, null::int, b.name,
               format('%s pieces, %s pages, %s sheets; its pieces add up to %s, %s, %s', b.pieces, b.pages, b.sheets,
                      coalesce(s.pieces, 0), coalesce(s.pages, 0), coalesce(s.sheets, 0))
        from dispatch.batches b
        left join (
            select batch_id, count(*) as pieces, sum(pages) as pages, sum(sheets) as sheets
            from dispatch.batch_pieces group by batch_id
        ) s on s.batch_id = b.batch_id
        where ($1::int is null or b.job_id = $1)
          and (b.pieces, b.pages, b.sheets) is distinct from
              (coalesce(s.pieces, 0), coalesce(s.pages, 0), coalesce(s.sheets, 0))
        union all
        select job_id, null, row_no, name, format('sequence %s, expected %s', sequence, expected_sequence)
        from items where sequence <> expected_sequence
        union all
        select job_id, null, row_no, name, format('begins on page %s, expected %s', first_page, expected_page)
        from items where first_page <> expected_page or pages < 1
        union all
        select job_id, null, row_no, name, format('envelope number %s more than the one before', envelope_step)
        from items
        where sequence = expected_sequence and (envelope_step not in (0, 1) or (sequence = 1 and envelope_step <> 1))
        union all
        select i.job_id, null, i.row_no, i.name, format('%s sheets, decided with %s', i.sheets, p.sheets)
        from items i
        join dispatch.pieces p on p.job_id = i.job_id and p.row_no = i.row_no
        where i.sheets <> p.sheets
        """;

    // Only a batch in which an envelope is shared holds numbers of envelopes. Of the facts, bits 0 to 6 are the civil
    // status, 7 is protection, 10 a contact address, 12 a company. The end of the class is what the envelope takes.
    const string SharedSql = """

        union all
        select b.job_id, null, min(i.row_no), b.name,
               format('envelope %s: %s pieces, %s sheets; expected people known to live together, and sheets that fit',
                      coalesce(i.envelope_no, i.sequence), count(*), sum(i.sheets))
        from dispatch.batches b
        join dispatch.batch_pieces i on i.batch_id = b.batch_id
        join dispatch.pieces p on p.job_id = i.job_id and p.row_no = i.row_no
        where ($1::int is null or b.job_id = $1)
          and b.batch_id in (select batch_id from dispatch.batch_pieces
                             where envelope_no is not null and ($1::int is null or job_id = $1))
        group by b.job_id, b.batch_id, b.name, b.class, coalesce(i.envelope_no, i.sequence)
        having count(*) > 1
           and (bool_or(p.postcode = '' or p.facts & 5248 <> 0 or p.facts & 127 <> 1)
                or count(distinct (p.postcode, p.zone)) > 1
                or sum(i.sheets) > substring(b.class from '[0-9]+$')::int)
        """;

    const string AppliesSql = """
        select exists (select from dispatch.batches where $1::int is null or job_id = $1)
        """;

    public static IReadOnlyList<Invariant> All { get; } =
    [
        new("I-12", "a batch's pieces, pages and sheets are the sum of its pieces, whose pages follow each other; "
            + "envelopes are shared by households only",
            SumsSql + SharedSql, AppliesSql),
    ];
}
