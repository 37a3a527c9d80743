using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Mailbox;
using Dispatch.Worker.Security;
using Dispatch.Worker.Tests.Reporting;

namespace Dispatch.Worker.Tests.Mailbox;

public sealed class RecallTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    const int DigitalLetters = 162;

    readonly LedgerSeed _ledger = new(database.Owner);
    readonly string _file = Path.Combine(Path.GetTempPath(), $"dispatch-recall-{Guid.NewGuid():N}.csv");
    readonly string _key = Path.Combine(Path.GetTempPath(), $"dispatch-recall-{Guid.NewGuid():N}.key");
    AcceptedJob _job = null!;

    public async Task InitializeAsync()
    {
        await _ledger.ClearAsync();
        await _ledger.AddCompletedJobAsync("other");
        var id = await _ledger.AddCompletedJobAsync();
        _job = (await AcceptedJob.FindAsync(database.DataSource, id, default))!;
    }

    public Task DisposeAsync()
    {
        File.Delete(_file);
        File.Delete(_key);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task RunAsync_OneOperatorHoweverOften_HidesNothing()
    {
        Assert.Equal(RecallStep.Voted, (await RunAsync("1-20", "anna")).Step);
        Assert.Equal(RecallStep.AwaitsSecondOperator, (await RunAsync("1-20", "anna")).Step);
        Assert.Equal(RecallStep.Voted, (await RunAsync("1-21", "bo")).Step);

        Assert.Equal(2 * DigitalLetters, (await InboxAsync()).Count);
        Assert.Equal(
            ["anna recall_vote rows 1-20: wrong year", "bo recall_vote rows 1-21: wrong year"], await EventsAsync());
    }

    [Fact]
    public async Task RunAsync_SecondOperator_HidesTheLettersAndLeavesTheLedger()
    {
        await ReadAsync(1);
        var before = await EffectsAsync();

        await RunAsync("1-20,35", "anna");
        var outcome = await RunAsync("35,11-20,1-12", "bo");

        // Rows 10 and 20 are on paper, 3 is held, 7 refused.
        Assert.Equal(
            (RecallStep.Recalled, 17L, 2L, 1L), (outcome.Step, outcome.Digital, outcome.Paper, outcome.Opened));
        var inbox = await InboxAsync();
        Assert.Equal((2 * DigitalLetters) - 17, inbox.Count);
        Assert.DoesNotContain(inbox, entry => entry.JobId == _job.JobId && entry.RowNo is <= 20 or 35);
        var readable = await ReadableAsync();
        Assert.Equal(DigitalLetters - 17, readable.Count);
        Assert.DoesNotContain(readable, row => row is <= 20 or 35);
        Assert.Equal(before, await EffectsAsync());
        Assert.Equal("bo recall rows 1-20,35, 17 digital letters: wrong year", (await EventsAsync())[^1]);
        var audit = await Worker.Reporting.Audit.LedgerAudit.RunAsync(
            database.DataSource, null, "/nowhere", "/nowhere", "/nowhere", TimeProvider.System, default);
        Assert.Equal([], audit.Invariants.SelectMany(i => i.Offenders.Select(o => $"{i.Id} {o}")));
    }

    [Fact]
    public async Task RunAsync_AgainOrOverlapping_HidesEachRowOnce()
    {
        await RecallAsync("10-20");
        Assert.Equal(RecallStep.Unchanged, (await RunAsync("12-14", "carl")).Step);
        await RecallAsync("1-30");
        await RecallAsync("1-200");

        Assert.Equal(DigitalLetters, (await InboxAsync()).Count);
        Assert.Equal(
            ["1-9", "10-20", "21-30", "31-200"],
            await database.QueryAsync<string[]>(
                "select array_agg(first_row || '-' || last_row order by first_row) from mailbox.recalls"));
        Assert.Equal(RecallStep.Unchanged, (await RunAsync("1-200", "anna")).Step);
    }

    [Fact]
    public async Task WriteAsync_RowsOfAllKinds_TellsWhoGotWhatAndWhenAndWhoOpenedIt()
    {
        await ReadAsync(1);
        await RecallAsync("1-2");

        var lines = await RecipientList.WriteAsync(
            database.DataSource, _job, RowRanges.Parse("1-10", _job.Rows), _file, "anna", default);

        var text = await File.ReadAllLinesAsync(_file);
        Assert.Equal(8, lines);
        Assert.Equal(
            "row;person_id;channel;available_at;batch;handed_off_at;first_opened_at;opened_by;recalled_at", text[0]);
        Assert.Equal([1, 2, 4, 5, 6, 8, 9, 10], text.Skip(1).Select(line => int.Parse(line.Split(';')[0], null)));
        Assert.Matches("^1;1;digital;2026-03-09 06:00:20\\+00;;;2[^;]+;support;2[^;]+$", text[1]);
        Assert.Matches("^2;2;digital;2026-03-09 06:00:20\\+00;;;;;2[^;]+$", text[2]);
        Assert.Matches("^10;10;paper;;20260309-[^;]+;2026-03-09 06:00:28\\+00;;;$", text[8]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_file));
        Assert.Equal("anna recall_list rows 1-10", (await EventsAsync())[^1]);
    }

    /// <summary>Row 2 went out once more, as row 10 of another job.</summary>
    [Fact]
    public async Task WriteAsync_LetterInAPrintOut_IsListedAndCounted()
    {
        await database.ExecuteAsync(
            $"""
            insert into register.own_letters (kind, cpr, made_on) values ('print-out', 1000000002, '2026-03-10');
            insert into register.own_jobs (reference, kind, submitted_at, job_id, print_of)
            select 'letters', 'print-out-letters', now(), min(job_id), {_job.JobId} from dispatch.jobs;
            insert into register.print_outs (letter_no, letter_job, letter_row, reference, row_no, fault)
            values (1, {_job.JobId}, 2, 'letters', 10, null), (1, {_job.JobId}, 4, 'letters', null, 'letter.recalled')
            """);

        Assert.Equal(1, (await RunAsync("1-5", "anna")).Printed);
        Assert.Equal(0, (await RunAsync("3-5", "anna")).Printed);
        await RecipientList.WriteAsync(
            database.DataSource, _job, RowRanges.Parse("1-4", _job.Rows), _file, "anna", default);

        var text = await File.ReadAllLinesAsync(_file);
        Assert.Equal(
            ["1 digital", "2 digital", "2 print-out", "4 digital"],
            text.Skip(1).Select(line => $"{line.Split(';')[0]} {line.Split(';')[2]}"));
        Assert.Matches("^2;10;print-out;;20260309-[^;]+-other-[^;]+;2026-03-09 06:00:28\\+00;;;$", text[3]);
    }

    [Fact]
    public async Task WriteAsync_AllRows_HasEveryLetterOnce()
    {
        Assert.Equal(182, await RecipientList.WriteAsync(
            database.DataSource, _job, RowRanges.All(_job.Rows), _file, "anna", default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("1-201")]
    [InlineData("5-4")]
    [InlineData("1,,2")]
    [InlineData("-3")]
    [InlineData("1-2-3")]
    [InlineData("one")]
    [InlineData("99999999999")]
    public void Parse_NoRowsOfTheJob_IsRefused(string text)
    {
        var fault = Assert.Throws<DispatchException>(() => RowRanges.Parse(text, 200));

        Assert.Equal(("rows.invalid", ExitCode.Usage), (fault.Code, fault.Exit));
    }

    [Theory]
    [InlineData("1-20", "1-5", true)]
    [InlineData("2,4-5", "2,4-5", false)]
    [InlineData("1-2,5-9", "1-2,5", true)]
    public void ParseWithin_RangesBehindTheLastRow_AreCut(string text, string expected, bool expectedCut)
    {
        var rows = RowRanges.ParseWithin(text, 5, out var isCut);

        Assert.Equal((expected, expectedCut), (rows.ToString(), isCut));
    }

    [Theory]
    [InlineData("6")]
    [InlineData("1-2,6-9")]
    [InlineData("0-3")]
    public void ParseWithin_RangeWithoutARow_IsRefused(string text) => Assert.Equal(
        "rows.invalid", Assert.Throws<DispatchException>(() => RowRanges.ParseWithin(text, 5, out _)).Code);

    [Theory]
    [InlineData("1", "1", "{[1,2)}", 1)]
    [InlineData("3, 1-2 ,9-20,15-30", "1-3,9-30", "{[1,4),[9,31)}", 25)]
    public void Parse_Ranges_AreOrderedAndMerged(string text, string expected, string multirange, long count)
    {
        var rows = RowRanges.Parse(text, 200);

        Assert.Equal((expected, multirange, count), (rows.ToString(), rows.ToMultirange(), rows.Count));
    }

    [Theory]
    [InlineData("delete from dispatch.recall_votes where operator = 'bo'", "rows 5 to 9 were recalled without two operators")]
    [InlineData("update dispatch.recall_votes set rows = '{[5,9)}'", "rows 5 to 9 were recalled without two operators")]
    [InlineData("update mailbox.recalls set last_row = 201", "rows 5 to 201 were recalled without two operators")]
    public async Task Audit_RecallNobodyAgreedTo_IsNamed(string sql, string offender)
    {
        await RecallAsync("5-9");
        await database.ExecuteAsync(sql);

        foreach (var jobId in new int?[] { null, _job.JobId })
        {
            var audit = await Worker.Reporting.Audit.LedgerAudit.RunAsync(
                database.DataSource, jobId, "/nowhere", "/nowhere", "/nowhere", TimeProvider.System, default);
            Assert.Contains($"job {_job.JobId}, row 5: {offender}", audit.Invariants.Single(i => i.Id == "I-32").Offenders.Select(o => $"{o}"));
        }
    }

    async Task RecallAsync(string rows)
    {
        await RunAsync(rows, "anna");
        Assert.Equal(RecallStep.Recalled, (await RunAsync(rows, "bo")).Step);
    }

    Task<RecallOutcome> RunAsync(string rows, string actor) =>
        new Recall(database.DataSource, _job, RowRanges.Parse(rows, _job.Rows), actor).RunAsync("wrong year", default);

    Task ReadAsync(int row) => database.ExecuteAsync(
        $"insert into dispatch.events (actor, action, job_id, row_no) values ('support', 'read_letter', {_job.JobId}, {row})");

    /// <summary>What all owners together find, each under a ticket of their own.</summary>
    async Task<List<MailboxEntry>> InboxAsync()
    {
        var found = new List<MailboxEntry>();
        await ForEachOwnerAsync(async (mailbox, _) =>
            found.AddRange(
                await mailbox.ListAsync(new(null, null), MailboxSession.PageLettersMax, after: null, default)));
        return found;
    }

    /// <summary>Rows of the job whose letter its owner can still read.</summary>
    async Task<List<int>> ReadableAsync()
    {
        var rows = new List<int>();
        await ForEachOwnerAsync(async (mailbox, row) =>
        {
            if (await mailbox.FindAsync(_job.JobId, row, default) is not null)
            {
                rows.Add(row);
            }
        });
        return rows;
    }

    // In this ledger the person of a row has the row's number as id.
    async Task ForEachOwnerAsync(Func<MailboxSession, int, Task> look)
    {
        var keys = await KeyRing.OpenAsync(KeySource.OfFile(_key), mayCreate: true, default);
        await using var reader = database.As(DatabaseRoles.Reader, poolSize: 1);
        var mailboxes = await MailboxReader.OpenAsync(
            database.DataSource, reader, keys, MailboxTicket.Lifetime, default);
        foreach (
            var person in await database.QueryAsync<int[]>("select array_agg(distinct person_id) from mailbox.letters"))
        {
            await using var mailbox = await mailboxes.OpenAsync(person, default);
            await look(mailbox, person);
        }
    }

    Task<string> EffectsAsync() => database.QueryAsync<string>(
        "select md5(string_agg(e::text, ',' order by job_id, row_no)) from ops.effects e");

    Task<string[]> EventsAsync() => database.QueryAsync<string[]>("""
        select array_agg(actor || ' ' || action || ' ' || detail order by event_no) from dispatch.events where action like 'recall%'
        """);
}
