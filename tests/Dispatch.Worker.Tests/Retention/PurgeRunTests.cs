using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Retention;
using Npgsql;

namespace Dispatch.Worker.Tests.Retention;

public sealed class PurgeRunTests : IAsyncLifetime
{
    const string All = "list 2/2/0, letters 324/2/0, pieces 40/2/0, print_files 12/2/0, notices 3/1/0, "
        + "receipts 1/1/0, own_letters 2/1/0";
    const string Nothing = "list 0/0/0, letters 0/0/0, pieces 0/0/0, print_files 0/0/0, notices 0/0/0, "
        + "receipts 0/0/0, own_letters 0/0/0";

    const string EventsSql = """
        select coalesce(string_agg(concat_ws(' ', job_id, detail), '; ' order by job_id, event_no), '')
        from dispatch.events where action = 'purge'
        """;

    PurgeSite _site = null!;

    public async Task InitializeAsync() => _site = await PurgeSite.CreateAsync();

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task RunAsync_EverythingFinalAndOld_LeavesTheLedgerAndCounts()
    {
        Assert.Empty(await _site.OffendersAsync());
        var effects = await EffectsAsync();
        Assert.Equal(All, PurgeSite.Told(await _site.RunAsync(isDryRun: true)));
        Assert.Equal(2 * PurgeSite.Letters, await _site.CountAsync("mailbox.letters"));
        Assert.Equal(0, await _site.CountAsync("dispatch.purges", "true"));

        var result = await _site.RunAsync();

        Assert.Equal(All, PurgeSite.Told(result));
        Assert.Equal((0, 0), (await _site.CountAsync("mailbox.letters"), await _site.CountAsync("dispatch.pieces")));
        Assert.Equal(
            (0, 1, 0),
            (await _site.CountAsync("dispatch.notices", "true"), await _site.CountAsync("register.own_letters", "true"),
                await _site.CountAsync("register.print_outs", "true")));
        Assert.Empty(_site.PrintFiles());
        Assert.All(
            [_site.ListOf("brev"), _site.ListOf("other"), _site.Receipt], file => Assert.False(File.Exists(file)));
        Assert.Equal(effects, await EffectsAsync());
        Assert.Empty(await _site.OffendersAsync());
        Assert.Equal([_site.OtherJob, _site.Job], result.ForgottenJobs);
        Assert.Equal(0, await _site.CountAsync("dispatch.jobs", "data_key is not null or key_id is not null"));
        Assert.Equal(2, await _site.CountAsync("dispatch.events", "action = 'key_forget'"));
        Assert.Equal(11, await _site.CountAsync("ops.purges", "state = 'done' and begun_by = 'anna' and items > 0"));
        Assert.StartsWith(
            "1 list: 1 of 30 days or more, final since 2026-03-10; 1 letters: 162 of 30 days",
            await _site.Database.QueryAsync<string>(EventsSql));

        Assert.Equal(Nothing, PurgeSite.Told(await _site.RunAsync()));
        Assert.Equal(11, await _site.CountAsync("dispatch.events", "action = 'purge'"));
    }

    [Fact]
    public async Task RunAsync_FewerDaysThanTwoOperatorsWant_TakesNothingOfThatClass()
    {
        await _site.Database.ExecuteAsync("delete from dispatch.retention_votes");
        var some = PurgeSite.Short with
        {
            ListDays = 90,
            PrintFileDays = 60,
            NoticeDays = 365,
            ReceiptDays = 1_825,
            OwnLetterDays = 365,
        };

        Assert.Equal(["letters", "pieces", "print_files"], await AskedAsync(some));
        Assert.Equal(["letters False", "pieces False", "print_files False"], await VoteAsync(some, "anna"));
        Assert.Equal(["letters False", "pieces False", "print_files False"], await VoteAsync(some, "anna"));
        Assert.Equal(["letters", "pieces", "print_files"], await AskedAsync(some));

        // The other one wants letters for longer: what both are content with is the longer time.
        Assert.Equal(
            ["letters True", "pieces True", "print_files True"], await VoteAsync(some with { LetterDays = 50 }, "bent"));
        Assert.Equal(["letters"], await AskedAsync(some));
        Assert.Empty(await AskedAsync(some with { LetterDays = 50 }));
        Assert.Equal(0, await _site.CountAsync("mailbox.letters"));
        Assert.Equal(6, await _site.CountAsync("dispatch.events", "action = 'purge_approve' and detail like '% days: a reason'"));
        Assert.Empty(await _site.OffendersAsync());
    }

    [Fact]
    public async Task Worker_PurgeNobodyElseWants_IsRefusedByTheDatabase()
    {
        await _site.Database.ExecuteAsync("delete from dispatch.retention_votes");
        await using var command = _site.Database.DataSource.CreateCommand("""
            insert into dispatch.purges (class, job_id, days, final_at, items, begun_by)
            values ('letters', 1, 36499, '2010-01-01', 1, 'anna')
            """);

        var fault = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, fault.SqlState);
    }

    /// <summary>Held at the second job's letters, and gone: whatever it had begun, the next one ends, and the counts
    /// are those of what there was.</summary>
    [Theory]
    [InlineData("mailbox.letters")]
    [InlineData("dispatch.pieces")]
    public async Task RunAsync_StoppedInTheMiddle_IsEndedByTheNext(string table)
    {
        await using (var blocker = await _site.Database.OpenAsSuperuserAsync())
        {
            await using var transaction = await blocker.BeginTransactionAsync();
            await using var hold = new NpgsqlCommand(
                $"select from {table} where job_id = {_site.Job} and row_no > 190 for update", blocker);
            await hold.ExecuteNonQueryAsync();
            using var stop = new CancellationTokenSource();
            var run = _site.RunAsync(ct: stop.Token);
            await WaitForLockAsync();
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        }

        Assert.Equal(1, await _site.CountAsync("dispatch.purges", "state = 'open'"));
        Assert.Empty(await _site.OffendersAsync());

        await _site.RunAsync();

        Assert.Equal(0, await _site.CountAsync("dispatch.purges", "state = 'open'"));
        Assert.Equal((0, 0), (await _site.CountAsync("mailbox.letters"), await _site.CountAsync("dispatch.pieces")));
        Assert.Empty(await _site.OffendersAsync());
        Assert.Equal(11, await _site.CountAsync("dispatch.events", "action = 'purge'"));
    }

    /// <summary>Killed after the files went and before that was noted: they are counted all the same.</summary>
    [Fact]
    public async Task RunAsync_FilesWentWithoutTheirNote_CountsThem()
    {
        await _site.Database.ExecuteAsync($"""
            insert into dispatch.purges (class, job_id, days, final_at, items, begun_by)
            select c, {_site.Job}, 30, '2026-03-12 08:00Z', n, 'anna' from (values ('list', 1), ('print_files', 6)) v (c, n);
            insert into dispatch.purges (class, days, final_at, items, begun_by) values ('receipts', 30, '2026-03-12 08:00Z', 1, 'anna');
            update dispatch.receipt_files set purge_no = 3
            """);
        File.Delete(_site.ListOf("brev"));
        File.Delete(_site.Receipt);

        Assert.Equal(All, PurgeSite.Told(await _site.RunAsync()));

        Assert.Empty(await _site.OffendersAsync());
    }

    [Theory]
    [InlineData("update dispatch.jobs set state = 'running' where {job}", 0, 0, false)]
    [InlineData("update dispatch.jobs set state = 'held' where {job}", 0, 0, false)]
    [InlineData("update dispatch.jobs set completed_at = now() - interval '29 days' where {job}", 0, 0, true)]
    [InlineData("update dispatch.jobs set not_before = now() + interval '1 day' where {job}", 0, 0, true)]
    [InlineData("insert into dispatch.held select job_id, row_no, 1, '', 302, '', 0 from dispatch.refused where {job} limit 1", 0, 0, false)]
    [InlineData("insert into dispatch.releases select job_id, 3, '\\x01', '2026-1', 1, 'op' from dispatch.jobs where {job}", 0, 0, true)]
    [InlineData("update dispatch.batches set state = 'accepted' where {job} and number = 2", 1, 0, false)]
    [InlineData("update dispatch.batch_pieces set state = 'spoiled' where {job} and row_no = 10", 1, 0, false)]
    [InlineData("update dispatch.batches set handed_off_at = now() where {job} and number = 2", 1, 0, true)]
    [InlineData("update dispatch.receipt_files set imported_at = now()", 1, 0, false)]
    [InlineData("update dispatch.batch_pieces set state = 'returned' where {job} and row_no = 10", 1, 1, true)]
    public async Task RunAsync_JobThatIsNotFinalForLongEnough_IsLeftAlone(
        string sql, int digital, int paper, bool receipts)
    {
        await _site.Database.ExecuteAsync(sql.Replace("{job}", $"job_id = {_site.Job}", StringComparison.Ordinal));

        await _site.RunAsync();

        Assert.Equal(
            digital == 1 && paper == 1 ? 0 : 1,
            await _site.CountAsync("dispatch.jobs", $"job_id = {_site.Job} and data_key is not null"));
        var job = $"job_id = {_site.Job} and sealed = ''";
        Assert.Equal(
            (digital * PurgeSite.Letters, paper * PurgeSite.Pieces),
            (await _site.CountAsync("mailbox.letters", job), await _site.CountAsync("dispatch.pieces", job)));
        Assert.Equal((digital == 0, !receipts), (File.Exists(_site.ListOf("brev")), File.Exists(_site.Receipt)));
        Assert.Equal(paper == 0, _site.PrintFiles().Length > 0);
    }

    [Fact]
    public async Task RunAsync_JobOfAnotherProcess_IsLeftForTheNextTime()
    {
        await using var other = await _site.Database.DataSource.OpenConnectionAsync();
        await using var hold = new NpgsqlCommand($"select pg_advisory_lock(x'6A6F6273'::int, {_site.Job})", other);
        await hold.ExecuteNonQueryAsync();
        var onlyLists = new RetentionSettings
        {
            ListDays = 30,
            PieceDays = 9_999,
            PrintFileDays = 9_999,
            NoticeDays = 9_999,
            ReceiptDays = 9_999,
            OwnLetterDays = 9_999,
        };

        var result = await _site.RunAsync(settings: onlyLists);

        Assert.Equal([_site.Job], result.Busy);
        Assert.Equal((true, false), (File.Exists(_site.ListOf("brev")), File.Exists(_site.ListOf("other"))));
    }

    [Fact]
    public async Task RunAsync_AnotherPurge_IsRefused()
    {
        await using var other = await _site.Database.DataSource.OpenConnectionAsync();
        await using var hold = new NpgsqlCommand("select pg_advisory_lock(x'70757267'::int, 0)", other);
        await hold.ExecuteNonQueryAsync();

        var fault = await Assert.ThrowsAsync<DispatchException>(() => _site.RunAsync());

        Assert.Equal(("purge.busy", ExitCode.TryAgain), (fault.Code, fault.Exit));
    }

    /// <summary>What the worker's role may do by itself: nothing that is not on record, final and old.</summary>
    [Theory]
    [InlineData("insert into dispatch.purges (class, job_id, days, final_at, items, begun_by) values ('letters', 1, 29, '2026-01-01', 1, '')")]
    [InlineData("select dispatch.purge_values(99, 1, 200)")]
    [InlineData("update mailbox.letters_0 set sealed = ''")]
    [InlineData("delete from dispatch.notices")]
    [InlineData("delete from register.own_letters")]
    [InlineData("select dispatch.purge_notices(99)")]
    [InlineData("select register.purge_own_letters(99)")]
    [InlineData("""
        insert into dispatch.purges (class, days, final_at, items, begun_by) values ('own_letters', 5000, '2010-01-01', 2, '');
        select register.purge_own_letters(1)
        """)]
    [InlineData("""
        insert into dispatch.purges (class, job_id, days, final_at, items, begun_by) values ('letters', 1, 5000, '2010-01-01', 1, '');
        select dispatch.purge_values(1, 1, 200)
        """)]
    public async Task Worker_StatementsOfItsOwn_PurgeNothing(string sql)
    {
        await using var command = _site.Database.DataSource.CreateCommand(sql);

        await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());

        Assert.Equal(2 * PurgeSite.Letters, await _site.CountAsync("mailbox.letters"));
    }

    [Theory]
    [InlineData("update mailbox.letters set sealed = '' where job_id = {job} and row_no < 3; update dispatch.receipt_files set purge_no = null; update register.own_jobs set purge_no = null; delete from dispatch.notice_counts; delete from dispatch.purges",
        "I-33 job {job}: values of 162 letters are gone, and no purge is on record",
        "I-33 job {job}: values of 20 pieces are gone, and no purge is on record", "*")]
    [InlineData("update mailbox.letters set sealed = 'x' where job_id = {job} and row_no < 3",
        "I-33 job {job}: the purge counted 162 letters; 160 of 162 are gone")]
    [InlineData("update dispatch.purges set items = 19 where job_id = {job} and class = 'pieces'",
        "I-33 job {job}: the purge counted 19 pieces; 20 of 20 are gone")]
    [InlineData("update dispatch.purges set begun_at = '2026-04-01Z' where job_id = {job} and class = 'list'",
        "I-33 job {job}: list were purged when the youngest was kept for less than 30 days")]
    [InlineData("update dispatch.receipt_files set purge_no = null",
        "I-33 purge 10 counted 1 receipt files, 0 went in it", "*")]
    [InlineData("insert into dispatch.notices (job_id, person_id, channel) values ({job}, 1, 1)",
        "I-33 job {job}: the purge counted 3 notices; 3 are counted, 1 are there")]
    [InlineData("delete from dispatch.notice_counts where channel = 2",
        "I-33 job {job}: the purge counted 3 notices; 2 are counted, 0 are there")]
    [InlineData("update register.own_jobs set letters = 1 where purge_no is not null",
        "I-33 purge 11 counted 2 of the operator's letters; 1 went in it, 0 are there")]
    [InlineData("""
        alter table dispatch.events disable trigger events_append_only;
        update dispatch.events set action = 'x' where detail like 'pieces%' and job_id = {job};
        """, "I-33 job {job}: pieces were purged, and no event says so", "*")]
    [InlineData("insert into dispatch.held select job_id, row_no, 1, '', 302, '', 0 from dispatch.refused where job_id = {job} limit 1", "*")]
    public async Task Audit_SpoiledAfterAPurge_NamesIt(string sql, params string[] offenders)
    {
        await _site.RunAsync();
        await _site.Database.ExecuteAsync(Fill(sql));

        var found = await _site.OffendersAsync(null);
        Assert.NotEmpty(found);
        Assert.Superset(offenders.Where(o => o != "*").Select(Fill).ToHashSet(), found.ToHashSet());
        if (!offenders.Contains("*"))
        {
            Assert.Equal(offenders.Length, found.Length);
        }
    }

    // Classes of which nothing went for want of a second operator.
    async Task<string[]> AskedAsync(RetentionSettings settings) =>
        [.. (await _site.RunAsync(settings: settings)).Classes.Where(c => !c.IsAgreed).Select(c => c.Class)];

    async Task<string[]> VoteAsync(RetentionSettings settings, string actor) =>
        [.. (await new PurgeApproval(_site.Database.DataSource, actor).VoteAsync(settings, "a reason", default))
            .Select(one => $"{one.Class} {one.IsAgreed}")];

    string Fill(string text) => text.Replace("{job}", $"{_site.Job}", StringComparison.Ordinal);

    Task<string> EffectsAsync() => _site.Database.QueryAsync<string>(
        "select md5(string_agg(e::text, ' ' order by job_id, row_no)) || (select string_agg(l::text, ' ' order by job_id) from ops.job_ledger l) || (select string_agg(n::text, ' ' order by n::text) from ops.notifications n) || (select string_agg(n::text, ' ') from ops.notification_faults n) from ops.effects e");

    async Task WaitForLockAsync()
    {
        while (!await _site.Database.QueryAsync<bool>(
            "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"))
        {
            await Task.Yield();
        }
    }
}
