namespace Dispatch.Worker.Reporting.Audit;

/// <summary>I-38, I-47: notices, and print-outs of mailboxes.</summary>
static class OwnLetterInvariants
{
    const string NoticesSql = """
        select job_id, null::int, null::int, null::text,
               format('somebody is told %s times by %s', count(*), case channel when 1 then 'email' else 'sms' end)
        from dispatch.notices where $1::int is null or job_id = $1
        group by job_id, person_id, channel having count(*) > 1
        union all
        select n.job_id, null, null, null,
               case when j.job_id is null then 'there are notices of it, and no such job'
                    when r.job_id is null then 'there are notices of it, which nobody made'
                    else format('there are notices of it, though it is %s', j.state) end
        from (select distinct job_id from dispatch.notices where $1::int is null or job_id = $1) n
        left join dispatch.jobs j on j.job_id = n.job_id
        left join dispatch.notice_runs r on r.job_id = n.job_id
        where j.state is distinct from 'completed' or r.job_id is null
        """;

    const string NoticesAppliesSql =
        "select exists (select from dispatch.notices where $1::int is null or job_id = $1)";

    // Whoever changed number gets the envelope under the newer one. Of somebody the register no longer has, nothing can
    // be proved; their envelope is refused.
    const string PrintOutsSql = """
        with lines as (
            select o.*, w.job_id as printed_by, w.print_of, l.cpr, m.person_id as mailbox, p.person_id as receiver
            from register.print_outs o
            join register.own_letters l on l.letter_no = o.letter_no
            left join register.own_jobs w on w.reference = o.reference
            left join dispatch.jobs j on j.job_id = o.letter_job
            left join mailbox.letters m
                   on m.segment = j.segment and m.job_id = o.letter_job and m.row_no = o.letter_row
            left join register.people p on p.cpr = l.cpr
            where $1::int is null or o.letter_job = $1 or w.job_id = $1
        )
        select letter_job, null::int, letter_row, null::text, 'in the print-out of a mailbox it is not in'
        from lines
        where receiver is not null and not coalesce(mailbox = any(register.ids_of(receiver)), false)
        union all
        select letter_job, null, letter_row, null, format('in a print-out, but does not open: %s', fault)
        from lines where fault in ('letter.unreadable', 'letter.none')
        union all
        select letter_job, null, letter_row, null,
               format('printed by job %s, which prints job %s', printed_by, print_of)
        from lines where row_no is not null and print_of is distinct from letter_job
        union all
        select i.letter_job, null, i.letter_row, null, format('printed by job %s for somebody else', i.printed_by)
        from lines i
        join dispatch.pieces p on p.job_id = i.printed_by and p.row_no = i.row_no
        where p.person_id <> i.mailbox and p.person_id is distinct from register.person_of(i.cpr)
        union all
        select printed_by, null, row_no, null, format('%s letters are said to be this row', count(*))
        from lines where row_no is not null group by printed_by, row_no having count(*) > 1
        union all
        select j.job_id, null, n.row_no, null, 'printed once more, and no print-out asks for it'
        from dispatch.jobs j
        join register.own_jobs w on w.job_id = j.job_id
        cross join lateral generate_series(1, j.rows) n(row_no)
        where j.print_of is not null and ($1::int is null or j.job_id = $1)
          and w.purge_no is null
          and not exists (
              select from register.print_outs o where o.reference = w.reference and o.row_no = n.row_no)
        """;

    const string PrintOutsAppliesSql = """
        select exists (
            select from register.print_outs o left join register.own_jobs w on w.reference = o.reference
            where $1::int is null or o.letter_job = $1 or w.job_id = $1)
        """;

    public static IReadOnlyList<Invariant> All { get; } =
    [
        new("I-38", "nobody is told twice of a job over one channel, and only of a completed one",
            NoticesSql, NoticesAppliesSql),
        new("I-47", "a letter is printed once more for whoever's mailbox it is in, once a print-out, for nobody else",
            PrintOutsSql, PrintOutsAppliesSql),
    ];
}
