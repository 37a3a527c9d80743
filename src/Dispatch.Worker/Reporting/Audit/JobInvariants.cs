namespace Dispatch.Worker.Reporting.Audit;

/// <summary>I-01 and I-03: what was accepted, before anything is decided.</summary>
static class JobInvariants
{
    const string RowsSql = """
        select j.job_id, null::int, null::int, null::text,
               format('the job has %s rows, its chunks have %s', j.rows, coalesce(sum(c.rows), 0))
        from dispatch.jobs j
        left join dispatch.chunks c on c.job_id = j.job_id
        where $1::int is null or j.job_id = $1
        group by j.job_id, j.rows
        having j.rows <> coalesce(sum(c.rows), 0)
        """;

    const string ContiguousSql = """
        with ordered as (
            select c.job_id, c.chunk_no, c.first_row,
                   coalesce(lag(c.first_row + c.rows) over (partition by c.job_id order by c.first_row, c.chunk_no), 1)
                       as expected
            from dispatch.chunks c
            where $1::int is null or c.job_id = $1
        )
        select job_id, chunk_no, first_row, null::text,
               format('the chunk begins at row %s, expected %s', first_row, expected)
        from ordered where first_row <> expected
        union all
        select j.job_id, null, null, null,
               format('the last chunk ends at row %s of %s', coalesce(c.last_row, 0), j.rows)
        from dispatch.jobs j
        left join (select job_id, max(first_row + rows - 1) as last_row from dispatch.chunks group by job_id) c
               on c.job_id = j.job_id
        where ($1::int is null or j.job_id = $1) and j.rows is distinct from c.last_row
        """;

    public static IReadOnlyList<Invariant> All { get; } =
    [
        new("I-01", "the rows of a job's chunks are the rows of its list", RowsSql),
        new("I-03", "row numbers run from 1 to n without gap or overlap", ContiguousSql),
    ];
}
