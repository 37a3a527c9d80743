using System.Globalization;
using System.Text;
using Dispatch.Worker.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Reporting;

/// <summary>
/// What happened between two moments, from the trail and nothing else: who did what, and the rows of which jobs were
/// opened, listed or recalled by it. For a breach, where it must be known within days whom to tell.
/// </summary>
sealed class TrailReport(LedgerSnapshot snapshot, TrailQuestion question)
{
    // Rows are those of the event, or those its detail begins with. A detail that was cut short may mean any row.
    const string SaidSql = """
        select e.*,
               case when e.row_no is not null then int4multirange(int4range(e.row_no, e.row_no, '[]'))
                    when d.said is null then '{}'
                    when d.cut then '{[1,)}'
                    else (select range_agg(int4range(least(first, last), greatest(first, last), '[]'))
                          from unnest(string_to_array(d.said, ',')) part,
                               lateral (select split_part(part, '-', 1)::int as first,
                                               split_part(part || '-' || part, '-', 2)::int as last) of) end as rows
        from dispatch.events e
        cross join lateral (
            select substring(
                       e.detail from '^rows ([0-9]{1,9}(?:-[0-9]{1,9})?(?:,[0-9]{1,9}(?:-[0-9]{1,9})?)*)') as said,
                   e.detail ~ '^rows [0-9,-]*…' as cut
        ) d
        where e.at >= $1 and e.at < $2 and ($3::text is null or e.actor = $3) and ($4::int is null or e.job_id = $4)
        """;

    const string ActsSql = $"""
        select actor, action, job_id, count(*), min(at), max(at), range_agg(rows)::text
        from ({SaidSql}) e
        group by actor, action, job_id
        order by min(event_no)
        """;

    const string TouchedSql = $"""
        select job_id, range_agg(rows)::text
        from ({SaidSql}) e
        where job_id is not null and action in ('read_letter', 'recall_list', 'recall')
        group by job_id
        order by job_id
        """;

    const string EventsSql = """
        select event_no, at, actor, action, job_id, row_no, detail from dispatch.events
        where at >= $1 and at < $2 and ($3::text is null or actor = $3) and ($4::int is null or job_id = $4)
        order by event_no
        """;

    const string Header = "event;at;actor;action;job;row;detail\r\n";

    /// <summary>Acts by who and what, in the order of their first.</summary>
    public async Task<List<TrailAct>> FindActsAsync(CancellationToken ct)
    {
        await using var command = Command(ActsSql);
        await using var row = await command.ExecuteReaderAsync(ct);
        var acts = new List<TrailAct>();
        while (await row.ReadAsync(ct))
        {
            acts.Add(new(
                row.GetString(0), row.GetString(1), row[2] as int?, row.GetInt64(3), row.GetDateTime(4),
                row.GetDateTime(5), row[6] is string rows ? TouchedRows.Text(rows) : ""));
        }

        return acts;
    }

    /// <summary>Rows whose letters somebody opened, listed or recalled.</summary>
    public async Task<List<TouchedRows>> FindTouchedAsync(CancellationToken ct)
    {
        await using var command = Command(TouchedSql);
        await using var row = await command.ExecuteReaderAsync(ct);
        var touched = new List<TouchedRows>();
        while (await row.ReadAsync(ct))
        {
            touched.Add(new(row.GetInt32(0), TouchedRows.Text(row.GetString(1))));
        }

        return touched;
    }

    /// <summary>Every event as CSV, safe to open in a spreadsheet.</summary>
    /// <returns>How many.</returns>
    public async Task<long> WriteEventsAsync(string file, CancellationToken ct)
    {
        var draft = file + ".part";
        var events = 0L;
        await using (var writer = new StreamWriter(OperatorFile.Create(draft), new UTF8Encoding(false)))
        {
            await writer.WriteAsync(Header.AsMemory(), ct);
            await using var command = Command(EventsSql);
            await using var row = await command.ExecuteReaderAsync(ct);
            for (; await row.ReadAsync(ct); events++)
            {
                await writer.WriteAsync(Line(row).AsMemory(), ct);
            }
        }

        File.Move(draft, file, overwrite: true);
        return events;
    }

    static string Line(NpgsqlDataReader row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{row.GetInt64(0)};{row.GetDateTime(1):yyyy-MM-ddTHH:mm:ss.ffffffZ};{CsvText.Field(row.GetString(2))};"
        + $"{CsvText.Field(row.GetString(3))};{row[4] as int?};{row[5] as int?};{CsvText.Field(row.GetString(6))}\r\n");

    NpgsqlCommand Command(string sql) => snapshot.Command(
        sql,
        new() { Value = question.From.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz },
        new() { Value = question.To.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz },
        new() { Value = (object?)question.Actor ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
        new() { Value = (object?)question.JobId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
}
