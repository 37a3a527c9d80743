using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dispatch.Routing.Register;
using Dispatch.Routing.Rules;
using Npgsql;

namespace Dispatch.Worker.Tests.Reporting;

/// <summary>
/// Writes small ledgers that are right in every respect, straight into the tables: 200 rows in three chunks, 162
/// digital,
/// 20 on paper in two batches, 8 held, 10 refused. Tests then spoil what they are about.
/// </summary>
sealed class LedgerSeed(NpgsqlDataSource db)
{
    public const string SenderCvr = "19552101";
    public const string PrintHouse = "default";
    public const int Rows = 200;
    public const int DigitalRow = 1;
    public const int HeldRow = 3;
    public const int RefusedRow = 7;
    public const int PaperRow = 10;

    static readonly int Facts = EffectFacts.Of(
        PersonFacts.Person(1, false, false, false, false, true, false), isRegistered: false, age: 44, hops: 0).Packed;

    /// <summary>Empties a database that tests share; reasons and constraints stay.</summary>
    public Task ClearAsync() => ExecuteAsync("""
        alter table dispatch.events disable trigger events_append_only;
        delete from dispatch.trail_head;
        insert into dispatch.trail_head (event_no, hash) values (0, decode(repeat('00', 32), 'hex'));
        truncate dispatch.jobs, dispatch.chunks, mailbox.letters, dispatch.pieces, dispatch.held, dispatch.refused,
                 dispatch.releases, dispatch.release_votes, dispatch.batches, dispatch.batch_pieces, dispatch.events,
                 dispatch.keys, dispatch.approvals, dispatch.forget_requests, dispatch.recall_votes, mailbox.recalls,
                 dispatch.receipt_files, dispatch.receipt_lines, dispatch.incidents, dispatch.purges, dispatch.shards,
                 dispatch.setbacks, dispatch.notices, dispatch.notice_runs, dispatch.notice_counts, register.print_outs,
                 register.own_jobs, register.own_letters, register.versions
        restart identity;
        alter table dispatch.events enable always trigger events_append_only;
        """);

    /// <summary>A job that went through to the end; gives its id.</summary>
    public async Task<int> AddCompletedJobAsync(
        string reference = "2026-aarsopgoerelse", string title = "Årsopgørelse for 2025")
    {
        var jobId = await AddJobAsync(reference, title);
        await ExecuteAsync($"""
            insert into register.versions (imported_at, people, companies)
            select '2026-03-01 00:00Z', 1000, 10 where not exists (select from register.versions);

            create temporary table plan on commit drop as
            select row_no, case when row_no % 10 = 0 then 'paper' when row_no % 25 = 3 then 'held'
                                when row_no % 20 = 7 then 'refused' else 'digital' end as effect
            from generate_series(1, {Rows}) row_no;

            insert into dispatch.chunks (job_id, chunk_no, first_row, rows, spool_offset, spool_bytes, state, salt,
                                         rule_set, register_version, digital, paper, held, refused, done_at)
            select {jobId}, chunk_no, first_row, n, chunk_no * 5000, 5000, 'done',
                   decode(md5('{jobId}/' || chunk_no), 'hex'),
                   '2026-1', 1, count(*) filter (where effect = 'digital'), count(*) filter (where effect = 'paper'),
                   count(*) filter (where effect = 'held'), count(*) filter (where effect = 'refused'),
                   '2026-03-09 06:00:20Z'
            from (values (0, 1, 80), (1, 81, 80), (2, 161, 40)) c (chunk_no, first_row, n)
            join plan on row_no between first_row and first_row + n - 1
            group by chunk_no, first_row, n;

            insert into mailbox.letters
            select 0, {jobId}, row_no, row_no, case when row_no % 4 = 1 then 102 else 101 end, {Facts},
                   '2026-03-09 06:00:20Z', '\x00'
            from plan where effect = 'digital';

            insert into dispatch.pieces
            select {jobId}, row_no, row_no, 203, {Facts}, 1, 'DK', (1000 + row_no)::text, 2, 1, '\x00'
            from plan where effect = 'paper';

            insert into dispatch.held
            select {jobId}, row_no, row_no, 'ref-' || row_no, case when row_no = {HeldRow} then 303 else 302 end, '',
                   {Facts}, '2026-03-09 06:00:20Z'
            from plan where effect = 'held';

            insert into dispatch.refused
            select {jobId}, row_no, null, '=ref;' || row_no, 405, 'column recipient', 0, '2026-03-09 06:00:20Z'
            from plan where effect = 'refused';
            """);
        await AddBatchAsync(jobId, reference, 1, [.. Enumerable.Range(1, 12).Select(n => n * 10)]);
        await AddBatchAsync(jobId, reference, 2, [.. Enumerable.Range(13, 8).Select(n => n * 10)]);
        return jobId;
    }

    /// <summary>A job that was cancelled before anything of it was sent; gives its id.</summary>
    public async Task<int> AddCancelledJobAsync(string reference)
    {
        var jobId = await AddJobAsync(reference, "Cancelled");
        await ExecuteAsync($"""
            update dispatch.jobs set state = 'cancelled', released_at = null, completed_at = null, release_date = null
            where job_id = {jobId};
            insert into dispatch.chunks (job_id, chunk_no, first_row, rows, spool_offset, spool_bytes, state, salt,
                                         digital, paper, held, refused, done_at)
            select {jobId}, n, n * 100 + 1, 100, n * 5000, 5000, 'done', decode(md5('none'), 'hex'), 0, 0, 0, 100, now()
            from generate_series(0, 1) n;
            insert into dispatch.refused
            select {jobId}, row_no, null, '', 424, '', 0 from generate_series(1, {Rows}) row_no
            """);
        return jobId;
    }

    /// <summary>Puts the files of a job's batches where a print house finds them.</summary>
    public async Task WriteOutboxAsync(string outbox)
    {
        var folder = Directory.CreateDirectory(Path.Combine(outbox, PrintHouse)).FullName;
        await using var command = db.CreateCommand("""
            select name, batch_id, reference, pieces, pages, sheets, pdf_sha256, manifest_sha256, pdf_bytes,
                   manifest_bytes
            from dispatch.batches join dispatch.jobs using (job_id)
            """);
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            var name = row.GetString(0);
            await File.WriteAllBytesAsync(Path.Combine(folder, name + ".pdf"), PdfOf(name));
            await File.WriteAllBytesAsync(
                Path.Combine(folder, name + ".manifest.csv"), await ManifestAsync(row.GetInt32(1)));
            await File.WriteAllTextAsync(Path.Combine(folder, name + ".ticket.json"), $$"""
                {
                  "name": "{{name}}", "printHouse": "{{PrintHouse}}",
                  "job": { "sender": "{{SenderCvr}}", "reference": "{{row.GetString(2)}}" },
                  "attempt": 1, "createdAt": "2026-03-09T06:00:21Z",
                  "pieces": {{row.GetInt32(3)}}, "pages": {{row.GetInt32(4)}}, "sheets": {{row.GetInt32(5)}},
                  "envelope": "C5-left", "postage": "economy", "duplex": true, "colour": false,
                  "files": [
                    { "name": "{{name}}.pdf", "bytes": {{row.GetInt64(8)}},
                      "sha256": "{{Convert.ToHexStringLower(row.GetFieldValue<byte[]>(6))}}" },
                    { "name": "{{name}}.manifest.csv", "bytes": {{row.GetInt64(9)}},
                      "sha256": "{{Convert.ToHexStringLower(row.GetFieldValue<byte[]>(7))}}" }
                  ]
                }
                """);
        }
    }

    public async Task<int> ExecuteAsync(string sql)
    {
        await using var connection = await db.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        var rows = await command.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        return rows;
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = db.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    async Task<int> AddJobAsync(string reference, string title) => await ScalarAsync<int>($$$"""
        with key as (
            insert into dispatch.keys (key_id, state) values ('key-1', 'current') on conflict do nothing
        ), template as (
            insert into dispatch.templates (content_sha256, source, fonts) values ('\x01', 'Dear', '{}')
            on conflict (content_sha256) do update set source = excluded.source returning template_id
        )
        insert into dispatch.jobs (sender_cvr, reference, content_sha256, sender_name, title, order_json, template_id,
            state, rows, columns, list_sha256, list_bytes, list_file, data_key, key_id, segment, release_date,
            submitted_at, released_at, completed_at, seconds)
        select '{{{SenderCvr}}}', '{{{reference}}}', sha256('{{{reference}}}'), 'Skattestyrelsen', '{{{title}}}',
            '{"reference": "{{{reference}}}", "messageType": "tax-statement", "title": "A letter",
              "letter": "letter.md", "sender": {"cvr": "{{{SenderCvr}}}", "name": "Skattestyrelsen",
              "kind": "public", "returnAddress": ["2450 København"]},
              "recipients": {"file": "recipients.csv", "expectedRows": 200}}', template_id,
            'completed', {{{Rows}}}, '{recipient,reference}', '\x02', 9000, '{{{reference}}}.list', '\x03', 'key-1', 0,
            '2026-03-09', '2026-03-09 06:00:00Z', '2026-03-09 06:00:02Z', '2026-03-09 06:00:29Z',
            '{"validate": 2.1, "route": 20.4, "compose": 6.0, "handoff": 0.3, "total": 29.0}'
        from template
        returning job_id
        """);

    async Task AddBatchAsync(int jobId, string reference, int number, IReadOnlyList<int> rowNos)
    {
        var ids = rowNos.Select(rowNo => PieceId(reference, rowNo)).ToList();
        var hash = Hash(
            $"{SenderCvr}\n{reference}\nc5-economy-dk\n{number}\n1\n" + string.Concat(ids.Select(id => id + "\n")));
        var name = string.Create(
            CultureInfo.InvariantCulture, $"20260309-{SenderCvr}-{reference}-c5-economy-dk-{number:D4}-{hash[..8]}");
        var items = rowNos.Select((rowNo, at) => string.Create(
            CultureInfo.InvariantCulture, $"({at + 1}, {rowNo}, '{ids[at]}', {at * 2 + 1})"));
        var batchId = await ScalarAsync<int>($"""
            insert into dispatch.batches (job_id, class, number, attempt, name, print_house, envelope, postage, duplex,
                colour, pieces, pages, sheets, state, created_at, pdf_sha256, pdf_bytes, manifest_sha256,
                manifest_bytes, handoff_started_at, handed_off_at, receipt_due)
            values ({jobId}, 'c5-economy-dk', {number}, 1, '{name}', '{PrintHouse}', 'C5-left', 'economy', true, false,
                {rowNos.Count}, {rowNos.Count * 2}, {rowNos.Count}, 'handed_off', '2026-03-09 06:00:21Z',
                '\x{Convert.ToHexStringLower(SHA256.HashData(PdfOf(name)))}', {PdfOf(name).Length}, '\x', 0,
                '2026-03-09 06:00:28Z', '2026-03-09 06:00:28Z', '2026-03-11')
            returning batch_id
            """);
        await ExecuteAsync($"""
            insert into dispatch.batch_pieces
            select {batchId}, sequence, {jobId}, row_no, 1, piece_id, first_page, 2, 1
            from (values {string.Join(", ", items)}) i (sequence, row_no, piece_id, first_page)
            """);
        var manifest = await ManifestAsync(batchId);
        await ExecuteAsync($"""
            update dispatch.batches set manifest_bytes = {manifest.Length},
                manifest_sha256 = '\x{Convert.ToHexStringLower(SHA256.HashData(manifest))}'
            where batch_id = {batchId}
            """);
    }

    async Task<byte[]> ManifestAsync(int batchId)
    {
        var text = new StringBuilder(
            "sequence;piece_id;first_page;pages;sheets;envelope;postage;country;postcode;attempt\r\n");
        await using var command = db.CreateCommand($"""
            select concat_ws(';', sequence, piece_id, first_page, i.pages, i.sheets, 'C5-left', 'economy', country,
                             postcode, 1)
            from dispatch.batch_pieces i join dispatch.pieces using (job_id, row_no)
            where batch_id = {batchId} order by sequence
            """);
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            text.Append(row.GetString(0)).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    static string PieceId(string reference, int rowNo) => Hash(string.Create(
        CultureInfo.InvariantCulture, $"{SenderCvr}\n{reference}\n{Hash(reference)}\n{rowNo}\n"))[..20];

    static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    static byte[] PdfOf(string name) => Encoding.ASCII.GetBytes("%PDF-1.4 of " + name);
}
