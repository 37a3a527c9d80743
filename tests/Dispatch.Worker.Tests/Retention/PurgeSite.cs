using System.Security.Cryptography;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Reporting.Audit;
using Dispatch.Worker.Retention;
using Dispatch.Worker.Tests.Reporting;

namespace Dispatch.Worker.Tests.Retention;

/// <summary>Two right jobs of March 2026 that are final in every respect, and the files they left.</summary>
sealed class PurgeSite : IAsyncDisposable
{
    public const int Letters = 162;
    public const int Pieces = 20;

    // Held rows were refused by an operator, and the print house has said that everything was printed.
    const string FinishSql = """
        insert into dispatch.refused
        select job_id, row_no, person_id, reference, 425, detail, facts, '2026-03-10 08:00Z' from dispatch.held;
        delete from dispatch.held;
        insert into dispatch.events (actor, action, job_id, row_no)
        select 'op', 'held_refuse', job_id, row_no from dispatch.refused where reason = 425;
        insert into dispatch.receipt_files (print_house, sha256, bytes, name, lines, state, imported_at, imported_by)
        select 'default', sha256('sealed'), 6, 'a.receipts.csv', count(*), 'applied', '2026-03-12 08:00Z', 'op' from dispatch.batch_pieces;
        insert into dispatch.receipt_lines
        select 1, 1 + row_number() over (), batch_id, sequence, 'printed', 2, 1, now(), 'applied' from dispatch.batch_pieces;
        update dispatch.batch_pieces set state = 'printed';
        update dispatch.batches set state = 'printed';
        """;

    // Three notices of the second job, and two covers of print-outs, one with a letter that the first job printed. What
    // is owed and in no job yet stays.
    const string OwnSql = """
        insert into dispatch.notice_runs (job_id, releases) select job_id, 0 from dispatch.jobs where reference = 'brev';
        insert into dispatch.notices (job_id, person_id, channel, state, settled_at, fault)
        select job_id, person, channel, state, '2026-03-10 08:00Z'::timestamptz, fault from dispatch.notice_runs,
               (values (1, 1, 2, null), (1, 2, 3, 'sms.400'), (2, 1, 2, null)) n (person, channel, state, fault);
        insert into register.own_letters (kind, cpr, made_on, reference)
        values ('print-out', 1000000001, '2026-03-10', 'covers'), ('print-out', 1000000002, '2026-03-10', 'covers'),
               ('welcome', 1000000003, '2026-03-10', null);
        insert into register.own_jobs (reference, kind, submitted_at, job_id)
        select 'covers', 'print-out', '2026-03-10Z'::timestamptz, null::int
        union all select 'letters', 'print-out-letters', '2026-03-10Z', job_id from dispatch.jobs where reference = 'other';
        insert into register.print_outs (letter_no, letter_job, letter_row, reference, fault)
        select letter_no, job_id, 1, case letter_no when 1 then 'letters' end,
               case letter_no when 2 then 'letter.purged' end
        from dispatch.notice_runs, register.own_letters where letter_no < 3;
        """;

    public const string AgreeSql = """
        insert into dispatch.retention_votes (class, days, operator, reason)
        select class, 30, operator, 'test'
        from unnest(array['list', 'letters', 'pieces', 'print_files', 'notices', 'receipts', 'own_letters']) class,
             unnest(array['anna', 'bent']) operator
        """;

    readonly LedgerSeed _seed;

    PurgeSite(TestDatabase database)
    {
        Database = database;
        Data = DataFolder.Open(new() { DataFolder = TestServer.NewFolder("purge") });
        _seed = new(database.Owner);
    }

    public TestDatabase Database { get; }

    public DataFolder Data { get; }

    public int Job { get; private set; }

    public int OtherJob { get; private set; }

    public string Receipt => Path.Combine(
        Data.AppliedReceipts, $"default-{Convert.ToHexStringLower(SHA256.HashData("sealed"u8))}.receipts.csv");

    public static async Task<PurgeSite> CreateAsync()
    {
        var database = new TestDatabase();
        await database.InitializeAsync();
        var site = new PurgeSite(database);
        site.OtherJob = await site._seed.AddCompletedJobAsync("other");
        site.Job = await site._seed.AddCompletedJobAsync("brev");
        await database.ExecuteAsync(FinishSql);
        await database.ExecuteAsync(OwnSql);
        await database.ExecuteAsync(AgreeSql);
        await site._seed.WriteOutboxAsync(site.Data.Outbox);
        Directory.CreateDirectory(Path.Combine(site.Data.Spool, "lists"));
        foreach (var file in new[] { site.ListOf("brev"), site.ListOf("other"), site.Receipt })
        {
            await File.WriteAllTextAsync(file, "sealed");
        }

        return site;
    }

    public string ListOf(string reference) => Path.Combine(Data.Spool, "lists", $"{reference}.list");

    public string[] PrintFiles() => Directory.GetFiles(Data.PrintHouse("default"));

    public async Task<PurgeResult> RunAsync(
        bool isDryRun = false, RetentionSettings? settings = null, CancellationToken ct = default)
    {
        await using var progress = StageProgress.Start(TextWriter.Null, ProgressStyle.None, TimeProvider.System);
        var run = new PurgeRun(Database.DataSource, Data, settings ?? Short, TimeProvider.System, "anna");
        return await run.RunAsync(isDryRun, progress, ct);
    }

    /// <summary>Every class after a month, which is long over.</summary>
    public static RetentionSettings Short { get; } =
        new()
        {
            ListDays = 30,
            LetterDays = 30,
            PieceDays = 30,
            PrintFileDays = 30,
            NoticeDays = 30,
            ReceiptDays = 30,
            OwnLetterDays = 30,
        };

    public static string Told(PurgeResult result) =>
        string.Join(", ", result.Classes.Select(c => $"{c.Class} {c.Items}/{c.Jobs}/{c.Waiting}"));

    public Task<long> CountAsync(string table, string condition = "sealed <> ''") =>
        Database.QueryAsync<long>($"select count(*) from {table} where {condition}");

    public Task<AuditResult> AuditAsync(int? job = null) =>
        LedgerAudit.RunAsync(
            Database.DataSource, job, Data.Outbox, Data.Receipts, Data.Reports, TimeProvider.System, default);

    public async Task<string[]> OffendersAsync(int? job = null) =>
        [.. (await AuditAsync(job)).Invariants.SelectMany(i => i.Offenders.Select(o => $"{i.Id} {o}"))];

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Directory.Delete(Data.Root, recursive: true);
    }
}
