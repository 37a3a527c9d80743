using System.Globalization;
using System.Text;
using Dispatch.Worker.Database;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Npgsql;

namespace Dispatch.Worker.Mailbox;

/// <summary>
/// Who got what and when, of any rows of a job, as CSV: the evidence for a recall. Persons are ids. The server writes
/// it, row by row; nothing of it is kept in memory.
/// </summary>
static class RecipientList
{
    const int BufferChars = 1 << 16;

    // Statements of COPY take no parameters; everything put in is a number of ours.
    const string Copy = """
        copy (
            select e.row_no as row, e.person_id, e.channel, e.available_at, e.batch, e.handed_off_at,
                   o.first_opened_at, o.opened_by,
                   (select case when r.last_row >= e.row_no then r.recalled_at end
                    from mailbox.recalls r where r.job_id = {job} and r.first_row <= e.row_no
                    order by r.first_row desc limit 1) as recalled_at
            from (
                select row_no, person_id, 'digital' as channel, available_at, null as batch, null::timestamptz as handed_off_at
                from mailbox.letters
                where segment = {segment} and job_id = {job} and row_no between {first} and {last} and row_no <@ '{rows}'::int4multirange
                union all
                select p.row_no, p.person_id, 'paper', null, b.name, b.handed_off_at
                from dispatch.pieces p
                left join dispatch.batch_pieces i on i.job_id = p.job_id and i.row_no = p.row_no
                left join dispatch.batches b on b.batch_id = i.batch_id
                where p.job_id = {job} and p.row_no between {first} and {last} and p.row_no <@ '{rows}'::int4multirange
                union all
                select t.letter_row, p.person_id, 'print-out', null, b.name, b.handed_off_at
                from register.print_outs t
                join register.own_jobs w on w.reference = t.reference
                join dispatch.pieces p on p.job_id = w.job_id and p.row_no = t.row_no
                left join dispatch.batch_pieces i on i.job_id = p.job_id and i.row_no = p.row_no
                left join dispatch.batches b on b.batch_id = i.batch_id
                where t.letter_job = {job} and t.fault is null
                  and t.letter_row between {first} and {last} and t.letter_row <@ '{rows}'::int4multirange
            ) e
            left join (
                select row_no, min(at) as first_opened_at, string_agg(distinct actor, ' ') as opened_by
                from dispatch.events where action = 'read_letter' and job_id = {job} group by row_no
            ) o on o.row_no = e.row_no
            order by e.row_no, e.channel, e.batch
        ) to stdout (format csv, header, delimiter ';', encoding 'UTF8')
        """;

    /// <returns>Lines written, the header not counted.</returns>
    public static async Task<long> WriteAsync(
        NpgsqlDataSource database, AcceptedJob job, RowRanges rows, string file, string actor, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await Trail.NoteAsync(connection, actor, "recall_list", job.JobId, $"rows {rows}", ct);
        var draft = file + ".part";
        long lines;
        await using (var writer = new StreamWriter(OperatorFile.Create(draft), new UTF8Encoding(false)))
        {
            lines = await CopyAsync(connection, Statement(job, rows), writer, ct);
        }

        File.Move(draft, file, overwrite: true);
        return lines - 1;
    }

    static async Task<long> CopyAsync(
        NpgsqlConnection connection, string sql, StreamWriter writer, CancellationToken ct)
    {
        using var reader = await connection.BeginTextExportAsync(sql, ct);
        var buffer = new char[BufferChars];
        var lines = 0L;
        while (await reader.ReadAsync(buffer, ct) is > 0 and var read)
        {
            lines += buffer.AsSpan(0, read).Count('\n');
            await writer.WriteAsync(buffer.AsMemory(0, read), ct);
        }

        return lines;
    }

    static string Statement(AcceptedJob job, RowRanges rows)
    {
        var c = CultureInfo.InvariantCulture;
        return Copy
            .Replace("{job}", job.JobId.ToString(c), StringComparison.Ordinal)
            .Replace("{segment}", job.Segment.ToString(c), StringComparison.Ordinal)
            .Replace("{first}", rows.First.ToString(c), StringComparison.Ordinal)
            .Replace("{last}", rows.Last.ToString(c), StringComparison.Ordinal)
            .Replace("{rows}", rows.ToMultirange(), StringComparison.Ordinal);
    }
}
