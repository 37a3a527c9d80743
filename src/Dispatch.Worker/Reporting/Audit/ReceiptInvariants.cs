namespace Dispatch.Worker.Reporting.Audit;

/// <summary>
/// I-15 to I-19, I-44 and I-46: what print houses said, and what was printed again for it. A receipt that is overdue is
/// an alarm of the status, and no violation.
/// </summary>
static class ReceiptInvariants
{
    const string DueSql = """
        select job_id, null::int, null::int, name, 'handed off without a date by which its receipts are due'
        from dispatch.batches
        where ($1::int is null or job_id = $1) and handed_off_at is not null and receipt_due is null
        """;

    const string OwnSql = """
        select b.job_id, null::int, null::int, b.name,
               case when f.receipt_id is null then 'a receipt of no file'
                    when f.state <> 'applied' then format('a receipt of file %s, which was not applied', f.receipt_id)
                    when f.print_house <> b.print_house
                        then format('a receipt of print house %s, handed off to %s', f.print_house, b.print_house)
                    else format('answered, though it is %s', b.state) end
        from (select distinct receipt_id, batch_id from dispatch.receipt_lines) l
        join dispatch.batches b on b.batch_id = l.batch_id
        left join dispatch.receipt_files f on f.receipt_id = l.receipt_id
        where ($1::int is null or b.job_id = $1)
          and (f.receipt_id is null or f.state <> 'applied' or f.print_house <> b.print_house
               or b.state in ('planned', 'composed'))
        union all
        select null, null, null, null, format('file %s has a receipt of a batch that is not there', l.receipt_id)
        from dispatch.receipt_lines l
        left join dispatch.batches b on b.batch_id = l.batch_id
        left join dispatch.batch_pieces i on i.batch_id = l.batch_id and i.sequence = l.sequence
        where $1::int is null and (b.batch_id is null or (l.sequence > 0 and i.batch_id is null))
        """;

    // A state is what the last applied line made of it, and a batch is printed when each of its pieces is answered for.
    const string StatesSql = """
        with said as (
            select distinct on (l.batch_id, l.sequence) l.batch_id, l.sequence, l.status
            from dispatch.receipt_lines l
            join dispatch.batches b on b.batch_id = l.batch_id
            where l.verdict = 'applied' and l.sequence > 0 and ($1::int is null or b.job_id = $1)
            order by l.batch_id, l.sequence, l.receipt_id desc, l.line_no desc
        )
        select b.job_id, null::int, i.row_no, b.name,
               format('the piece is %s, its last receipt says %s', coalesce(i.state, 'unanswered'), coalesce(s.status,
               'nothing'))
        from dispatch.batches b
        join dispatch.batch_pieces i on i.batch_id = b.batch_id
        left join said s on s.batch_id = i.batch_id and s.sequence = i.sequence
        where ($1::int is null or b.job_id = $1) and i.state is distinct from s.status
        union all
        select b.job_id, null, null, b.name, format('%s with %s of %s pieces answered for', b.state, a.answered,
            b.pieces)
        from dispatch.batches b
        cross join lateral (
            select count(*) as answered from dispatch.batch_pieces i where i.batch_id = b.batch_id
            and i.state is not null
        ) a
        where ($1::int is null or b.job_id = $1)
          and ((b.state = 'printed' and a.answered < b.pieces)
               or (b.state in ('handed_off', 'accepted') and a.answered = b.pieces)
               or (b.state in ('planned', 'composed') and a.answered > 0))
        """;

    const string OnceSql = """
        select null::int, null::int, null::int, null::text,
               format('file %s was applied with %s receipts, %s are there', f.receipt_id, f.lines, count(l.receipt_id))
        from dispatch.receipt_files f
        left join dispatch.receipt_lines l on l.receipt_id = f.receipt_id
        where $1::int is null
        group by f.receipt_id having f.lines <> count(l.receipt_id)
        union all
        select null, null, null, null, format('%s files of print house %s with the same content', count(*), print_house)
        from dispatch.receipt_files where $1::int is null and sha256 is not null
        group by print_house, sha256 having count(*) > 1
        """;

    const string CountsSql = """
        select b.job_id, null::int, i.row_no, b.name,
               format('%s pages and %s sheets were reported, %s and %s handed off, and no incident tells of it',
               l.pages,
                      l.sheets, coalesce(i.pages, b.pages), coalesce(i.sheets, b.sheets))
        from dispatch.receipt_lines l
        join dispatch.batches b on b.batch_id = l.batch_id
        left join dispatch.batch_pieces i on i.batch_id = l.batch_id and i.sequence = l.sequence
        left join dispatch.incidents n on n.batch_id = l.batch_id and n.sequence = l.sequence
        and n.kind = 'receipt.counts'
        where ($1::int is null or b.job_id = $1) and n.kind is null
          and (l.pages <> coalesce(i.pages, b.pages) or l.sheets <> coalesce(i.sheets, b.sheets))
        """;

    const string ClosedSql = """
        select b.job_id, null::int, null::int, b.name,
               format('incident %s is closed, and no event says by whom and why', n.incident_no)
        from dispatch.incidents n
        left join dispatch.batches b on b.batch_id = n.batch_id
        where ($1::int is null or b.job_id = $1) and n.closed_at is not null
          and not exists (select from dispatch.events e where e.action = 'incident_close' and e.actor = n.closed_by
                          and strpos(e.detail, n.incident_no || ' ') = 1 and strpos(e.detail, n.close_reason) > 0)
        union all
        select null, null, null, null,
               format('receipt file %s is closed, and no event says by whom and why', f.receipt_id)
        from dispatch.receipt_files f
        where $1::int is null and f.closed_at is not null
          and not exists (select from dispatch.events e where e.action = 'incident_close' and e.actor = f.closed_by
                          and strpos(e.detail, 'file-' || f.receipt_id || ' ') = 1)
        """;

    const string IncidentsSql = """
        select exists (select from dispatch.incidents n left join dispatch.batches b on b.batch_id = n.batch_id
                       where $1::int is null or b.job_id = $1)
        """;

    const string ReprintsSql = """
        select i.job_id, null::int, i.row_no, b.name,
               format('attempt %s, though attempt %s was not lost', i.attempt, i.attempt - 1)
        from dispatch.batch_pieces i
        join dispatch.batches b on b.batch_id = i.batch_id
        left join dispatch.batch_pieces p on p.job_id = i.job_id and p.row_no = i.row_no and p.attempt = i.attempt - 1
        left join dispatch.batches o on o.batch_id = p.batch_id
        where ($1::int is null or b.job_id = $1) and i.attempt > 1
          and (p.state in ('spoiled', 'rejected') or o.state = 'rejected') is not true
        union all
        select b.job_id, null, null, b.name, 'printed again without an event that says by whom and why'
        from dispatch.batches b
        where ($1::int is null or b.job_id = $1) and b.attempt > 1
          and not exists (select from dispatch.events e
                          where e.job_id = b.job_id and e.action = 'reprint' and strpos(e.detail, b.name) > 0)
        union all
        select i.job_id, null, i.row_no, b.name, format('attempt %s in a batch of attempt %s', i.attempt, b.attempt)
        from dispatch.batch_pieces i
        join dispatch.batches b on b.batch_id = i.batch_id
        where ($1::int is null or b.job_id = $1) and i.attempt <> b.attempt
        """;

    const string ReprintedSql = """
        select exists (select from dispatch.batches where attempt > 1 and ($1::int is null or job_id = $1))
        """;

    const string HandedOffSql = """
        select exists (select from dispatch.batches where handed_off_at is not null
        and ($1::int is null or job_id = $1))
        """;

    const string AnsweredSql = """
        select exists (select from dispatch.receipt_lines l join dispatch.batches b on b.batch_id = l.batch_id
                       where $1::int is null or b.job_id = $1)
        """;

    public static IReadOnlyList<Invariant> All { get; } =
    [
        new("I-15", "every handed-off batch has a date by which its receipts are due", DueSql, HandedOffSql),
        new("I-16", "every receipt is about a batch that was handed off to the print house it came from", OwnSql,
        AnsweredSql),
        new("I-17", "pieces and batches are what their receipts say, and nothing else moved them", StatesSql,
        HandedOffSql),
        new("I-18", "a receipt file is applied once and whole", OnceSql, AnsweredSql),
        new("I-19", "pages and sheets are reported as handed off, or an incident tells of it", CountsSql, AnsweredSql),
        new("I-44", "every incident is open, or closed by somebody who said why", ClosedSql, IncidentsSql),
        new("I-46", "only lost pieces are printed again, and each reprint says by whom and why", ReprintsSql,
        ReprintedSql),
    ];
}
