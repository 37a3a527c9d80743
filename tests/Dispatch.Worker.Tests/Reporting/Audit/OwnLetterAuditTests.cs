using Dispatch.Worker.Reporting.Audit;

namespace Dispatch.Worker.Tests.Reporting.Audit;

/// <summary>Notices and print-outs: the audit finds nothing in right ones, and each thing that is spoiled.</summary>
public sealed class OwnLetterAuditTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    // Two letters of the first job are printed by the other one: row 1 as its row 20, row 2 as its row 10, for somebody
    // who has another number by now. A third letter was purged.
    const string PrintOutSql = """
        truncate register.people, register.own_letters cascade;
        insert into register.people (cpr, person_id, facts, birth_day, status, current_cpr, name, protected, exempt,
                                     voluntary, notify)
        values (1000000001, 1, 1, 0, 1, null, 'A', false, false, false, 'none'),
               (1000000002, 2, 1, 0, 60, 1000000010, 'B', false, false, false, 'none'),
               (1000000010, 10, 1, 0, 1, null, 'B', false, false, false, 'none');
        insert into register.own_letters (kind, cpr, made_on, reference, asked_by)
        select 'print-out', cpr, '2026-03-10', 'covers', 'anna' from unnest(array[1000000001, 1000000002]) cpr;
        insert into register.own_jobs (reference, kind, submitted_at, job_id, print_of)
        values ('covers', 'print-out', now(), null, null), ('letters', 'print-out-letters', now(), {other}, {id});
        insert into register.print_outs (letter_no, letter_job, letter_row, reference, row_no, fault)
        values (1, {id}, 1, 'letters', 20, null), (2, {id}, 2, 'letters', 10, null),
               (2, {other}, 2, 'letters', null, 'letter.purged');
        update dispatch.pieces set person_id = 1 where job_id = {other} and row_no = 20;
        insert into dispatch.notice_runs (job_id, releases) values ({id}, 0);
        insert into dispatch.notices (job_id, person_id, channel) values ({id}, 1, 1), ({id}, 1, 2), ({id}, 2, 1)
        """;

    // Letters of other jobs that were done with long ago.
    const string PurgedSql = """
        insert into dispatch.purges (class, days, final_at, items, state, begun_by, done_at)
        values ('own_letters', 365, '2020-01-01', 1, 'done', 'anna', now())
        """;

    readonly SpoiltLedger _ledger = new(database);

    public async Task InitializeAsync()
    {
        await _ledger.InitializeAsync();
        await SpoilAsync(PrintOutSql);
    }

    public Task DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task RunAsync_RightOnes_FindsNothing()
    {
        var result = await _ledger.AuditAsync(null);

        Assert.Equal([], result.Invariants.SelectMany(i => i.Offenders.Select(o => $"{i.Id} {o}")));
        Assert.Equal(
            [InvariantState.Ok, InvariantState.Ok],
            result.Invariants.Where(i => i.Id is "I-38" or "I-47").Select(i => i.State));
    }

    [Theory]
    [InlineData("I-38", "alter table dispatch.notices drop constraint notices_pkey; "
        + "insert into dispatch.notices (job_id, person_id, channel) values ({id}, 1, 2)",
        "job {id}: somebody is told 2 times by sms")]
    [InlineData("I-38", "delete from dispatch.notice_runs", "job {id}: there are notices of it, which nobody made")]
    [InlineData("I-38", "insert into dispatch.notices (job_id, person_id, channel) values (999, 1, 1)",
        "job 999: there are notices of it, and no such job")]
    [InlineData("I-47", "update register.print_outs set letter_row = 4 where letter_row = 1",
        "job {id}, row 4: in the print-out of a mailbox it is not in")]
    [InlineData("I-47", "update register.own_letters set cpr = 1000000010 where letter_no = 1",
        "job {id}, row 1: in the print-out of a mailbox it is not in")]
    [InlineData("I-47", "update register.print_outs set letter_row = 10 where letter_row = 1",
        "job {id}, row 10: in the print-out of a mailbox it is not in")]
    [InlineData("I-47",
        "update register.print_outs set fault = 'letter.unreadable', row_no = null where letter_row = 1",
        "job {id}, row 1: in a print-out, but does not open: letter.unreadable")]
    [InlineData("I-47", "update register.own_jobs set print_of = {other} where reference = 'letters'",
        "job {id}, row 1: printed by job {other}, which prints job {other}",
        "job {id}, row 2: printed by job {other}, which prints job {other}")]
    [InlineData("I-47", "update dispatch.pieces set person_id = 3 where job_id = {other} and row_no = 10",
        "job {id}, row 2: printed by job {other} for somebody else")]
    [InlineData("I-47", "update register.print_outs set row_no = 30 where row_no is not null",
        "job {id}, row 1: printed by job {other} for somebody else",
        "job {id}, row 2: printed by job {other} for somebody else",
        "job {other}, row 30: 2 letters are said to be this row")]
    [InlineData("I-47", "update dispatch.jobs set print_of = {id}, rows = 2 where job_id = {other}",
        "job {other}, row 1: printed once more, and no print-out asks for it",
        "job {other}, row 2: printed once more, and no print-out asks for it")]
    [InlineData("I-47", $"{PurgedSql}; update dispatch.jobs set print_of = {{id}}, rows = 2 where job_id = {{other}}",
        "job {other}, row 1: printed once more, and no print-out asks for it",
        "job {other}, row 2: printed once more, and no print-out asks for it")]
    public async Task RunAsync_SpoiledOnes_NamesWhatWasSpoiled(string id, string sql, params string[] offenders)
    {
        await SpoilAsync(sql);

        SpoiltLedger.AssertOffenders(await _ledger.AuditAsync(null), id, [.. offenders.Select(Fill)]);
        await database.ExecuteAsync(
            "delete from dispatch.notices; alter table dispatch.notices drop constraint if exists notices_pkey; "
            + "alter table dispatch.notices add constraint notices_pkey primary key (job_id, person_id, channel)");
    }

    /// <summary>What the purged letters of a job were nobody can tell any more.</summary>
    [Fact]
    public async Task RunAsync_JobOfPrintOutsThatWerePurged_FindsNoRowToMiss()
    {
        await SpoilAsync(
            $"{PurgedSql}; update dispatch.jobs set print_of = {{id}} where job_id = {{other}}; "
            + "update register.own_jobs set purge_no = (select max(purge_no) from dispatch.purges); "
            + "delete from register.print_outs");

        var result = await _ledger.AuditAsync(null);

        Assert.Empty(result.Invariants.Single(i => i.Id == "I-47").Offenders);
    }

    Task SpoilAsync(string sql) => database.ExecuteAsync(Fill(sql));

    string Fill(string text) =>
        _ledger.Fill(text.Replace("{other}", $"{_ledger.OtherJob}", StringComparison.Ordinal));
}
