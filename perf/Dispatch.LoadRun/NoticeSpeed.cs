using System.Diagnostics;
using System.Globalization;
using Dispatch.Worker.Database;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Notices;
using Npgsql;

namespace Dispatch.LoadRun;

/// <summary>
/// How long does it take to make a nation's notices, and how many a second does a server get? The register and the
/// job's letters are made by SQL, half as many people again in the register as have a letter, one grant for a hundred;
/// the notices are made and sent by the program's own code.
/// </summary>
static class NoticeSpeed
{
    const string ListenAt = "127.0.0.1";
    const int Port = 20_025;
    const int QueueMax = 1_000;

    // Everybody in the register has a number of their own; what else of them matters is the wish and the address.
    const string PeopleSql = """
        insert into register.people (cpr, person_id, facts, birth_day, status, name, street, postcode, city, protected,
                                     exempt, voluntary, email, phone, notify)
        select 1000000000 + id, id, 1, 0, 1, 'Anders Andersen Testesen', 'Prøvevej ' || id % 200, '2450',
               'København SV', false, false, false, 'p' || id || '@example.org',
               '+4500' || lpad((id % 1000000)::text, 6, '0'), 'email'
        from generate_series(1, {0} * 3 / 2) id
        """;

    const string GrantsSql = """
        insert into register.read_access
        select 1000000000 + id, 1000000000 + id + 1, 'self', '2026-01-01', null, 'email'
        from generate_series(1, {0}, 100) id
        """;

    const string JobSql = """
        with key as (
            insert into dispatch.keys (key_id, state) values ('key-1', 'current')
        ), template as (
            insert into dispatch.templates (content_sha256, source, fonts) values ('\x01', '', '{{}}')
            returning template_id
        )
        insert into dispatch.jobs (sender_cvr, reference, content_sha256, sender_name, title, order_json, template_id,
            state, rows, columns, list_sha256, list_bytes, list_file, data_key, key_id, segment)
        select '19552101', 'notices', '\x01', 'Skattestyrelsen', 'T', '{{}}', template_id, 'checked', {0},
               '{{recipient}}', '\x02', 1, 'notices.list', '\x03', 'key-1', 77 from template
        """;

    const string LettersSql = """
        insert into mailbox.letters_77 (segment, job_id, row_no, person_id, reason, facts, sealed)
        select 77, 1, row_no, 1 + (row_no * 7919::bigint) % {0}, 101, 0, decode(repeat('00', 120), 'hex')
        from generate_series(1, {0}) row_no
        """;

    const string CompletedSql =
        "update dispatch.jobs set state = 'completed', released_at = now(), completed_at = now()";

    public static async Task<string> MeasureAsync(string sink, int letters, TimeSpan sendFor)
    {
        using var folder = new LoadFolder();
        await using var database = await DispatchDatabase.OpenAsync(
            new DispatchSettings { DataFolder = folder.Data }, migrate: true, CancellationToken.None);
        await FillAsync(database.DataSource, letters);
        var settings = new NoticeSettings
        {
            Email = new()
            {
                Host = ListenAt,
                Port = Port,
                Tls = EmailTls.None,
                From = "post@example.org",
                PerSecond = 0,
            },
        };
        var began = Stopwatch.GetTimestamp();
        var made = await new NoticeMaking(database.DataSource, settings).RunAsync(CancellationToken.None);
        var making = Stopwatch.GetElapsedTime(began);
        var (sent, sending) = await SendAsync(database.DataSource, settings, sink, sendFor);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{made.Sum(job => job.Notices)} notices made in {making.TotalSeconds:0.0} s; "
            + $"{sent} handed over in {sending.TotalSeconds:0.0} s: {sent / sending.TotalSeconds:0} a second");
    }

    static async Task FillAsync(NpgsqlDataSource database, int letters)
    {
        foreach (var sql in new[]
        {
            PeopleSql, GrantsSql, JobSql, "select mailbox.create_leaf(1)", LettersSql, "select mailbox.index_leaf(1)",
            CompletedSql, "select register.analyze_import()",
        })
        {
            await using var command = database.CreateCommand(
                string.Format(CultureInfo.InvariantCulture, sql, letters));
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync();
        }
    }

    static async Task<(int Sent, TimeSpan Time)> SendAsync(
        NpgsqlDataSource database, NoticeSettings settings, string sink, TimeSpan sendFor)
    {
        // smtp-sink will not stay root.
        string[] user = Environment.IsPrivilegedProcess ? ["-u", "nobody"] : [];
        using var server = Process.Start(new ProcessStartInfo(
            sink, [.. user, $"{ListenAt}:{Port}", QueueMax.ToString(CultureInfo.InvariantCulture)]))!;
        try
        {
            using var limit = new CancellationTokenSource(sendFor);
            await using var lanes = new NoticeLanes(database, settings, TimeProvider.System);
            var began = Stopwatch.GetTimestamp();
            var counts = await lanes.RunAsync(() => true, limit.Token);
            return (counts.Sent, Stopwatch.GetElapsedTime(began));
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }
}
