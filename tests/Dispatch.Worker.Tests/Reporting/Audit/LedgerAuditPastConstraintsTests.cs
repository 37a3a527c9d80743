using Dispatch.Worker.Reporting.Audit;

namespace Dispatch.Worker.Tests.Reporting.Audit;

/// <summary>
/// What the schema itself does not let happen: the audit must see it all the same, should a constraint ever be lost.
/// </summary>
public sealed class LedgerAuditPastConstraintsTests : IAsyncLifetime
{
    readonly TestDatabase _database = new();
    SpoiltLedger _ledger = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _ledger = new(_database);
        await _ledger.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _ledger.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData("I-04", """
        alter table mailbox.letters_0 drop constraint letters_0_pk;
        insert into mailbox.letters select * from mailbox.letters where {job} and row_no in (1, 65)
        """, "job {id}, row 1: 2 outcomes: digital, digital", "job {id}, row 65: 2 outcomes: digital, digital")]
    [InlineData("I-06", "update dispatch.reasons set code = 'exempted' where reason = 203",
        "the table of reasons says paper.exempted of 203")]
    [InlineData("I-06", "delete from dispatch.reasons where reason = 102",
        "the table of reasons lacks digital.voluntary")]
    [InlineData("I-11", """
        alter table dispatch.batch_pieces drop constraint batch_pieces_job_id_row_no_attempt_key;
        insert into dispatch.batch_pieces
        select batch_id, 9, {id}, 10, 1, 'x', 17, 2, 1 from dispatch.batches where name = '{second}'
        """, "job {id}, row 10, batch {batch}, {second}: 2 live batches for attempt 1")]
    [InlineData("I-14", """
        alter table dispatch.batches drop constraint batches_job_id_class_number_attempt_key;
        update dispatch.batches set number = 2 where name = '{batch}'
        """, "job {id}, batch {batch}, {second}: 2 batches of class c5-economy-dk, number 2, attempt 1", "*")]
    public async Task RunAsync_SpoiledLedger_NamesWhatWasSpoiled(string id, string sql, params string[] offenders)
    {
        await _ledger.SpoilAsync(sql);

        foreach (var jobId in new int?[] { null, _ledger.Job })
        {
            SpoiltLedger.AssertOffenders(await _ledger.AuditAsync(jobId), id, [.. offenders.Select(_ledger.Fill)]);
        }
    }

    [Theory]
    [InlineData("grant select on register.people to dispatch_reader",
        "dispatch_reader may SELECT table register.people")]
    [InlineData("grant select on mailbox.letters_0 to public", "PUBLIC may SELECT table mailbox.letters_*")]
    [InlineData("grant update, delete on dispatch.events to dispatch_worker",
        "dispatch_worker may DELETE table dispatch.events", "dispatch_worker may UPDATE table dispatch.events")]
    [InlineData("alter table mailbox.letters disable row level security", "row security is off on mailbox.letters")]
    [InlineData("create policy open on mailbox.letters for select using (true)",
        "policy open lets readers see other mailboxes")]
    [InlineData("alter policy own_mailbox on mailbox.letters using (person_id > 0)",
        "policy own_mailbox lets readers see other mailboxes")]
    [InlineData(
        "alter policy own_mailbox on mailbox.letters using (person_id = (select mailbox.ticket_person()) or true)",
        "policy own_mailbox lets readers see other mailboxes")]
    [InlineData("alter policy all_mailboxes on mailbox.letters to dispatch_worker, dispatch_reader",
        "policy all_mailboxes lets readers see other mailboxes")]
    [InlineData("grant create on schema dispatch to dispatch_reader; "
        + "alter table dispatch.held owner to dispatch_reader",
        "dispatch_reader may CREATE schema dispatch", "role dispatch_reader owns dispatch.held", "*")]
    public async Task RunAsync_MoreRightsThanTheMatrix_NamesThem(string sql, params string[] offenders)
    {
        await _ledger.SpoilAsync(sql);

        foreach (var jobId in new int?[] { null, _ledger.Job })
        {
            SpoiltLedger.AssertOffenders(await _ledger.AuditAsync(jobId), "I-39", offenders);
        }
    }

    [Fact]
    public async Task RunAsync_RightsOfANewerSchema_AreNotJudged()
    {
        await _ledger.SpoilAsync("""
            insert into dispatch.schema_versions (version, name, sha256)
            select max(version) + 1, 'newer', '' from dispatch.schema_versions;
            grant update on dispatch.events to dispatch_worker
            """);

        Assert.Equal(
            InvariantState.NotApplicable,
            (await _ledger.AuditAsync(null)).Invariants.Single(i => i.Id == "I-39").State);
    }

    [Fact]
    public async Task RunAsync_LetterInAnothersSegment_IsNamed()
    {
        await _ledger.SpoilAsync("""
            create table mailbox.letters_7 partition of mailbox.letters for values in (7);
            grant select, insert on mailbox.letters_7 to dispatch_worker;
            update mailbox.letters set segment = 7 where {job} and row_no = 1
            """);

        SpoiltLedger.AssertOffenders(
            await _ledger.AuditAsync(null), "I-10",
            [_ledger.Fill("job {id}, row 1: a letter outside the rows of an accepted job")]);
        SpoiltLedger.AssertOffenders(
            await _ledger.AuditAsync(_ledger.Job), "I-05", [_ledger.Fill("job {id}, chunk 0, row 1: no outcome")]);
    }

    [Fact]
    public async Task RunAsync_ServerThatMayForgetCommits_IsNamed()
    {
        await _ledger.SpoilAsync("""
            do $$ begin
                execute format('alter database %I set synchronous_commit = off', current_database());
            end $$
            """);
        _database.DataSource.Clear();

        SpoiltLedger.AssertOffenders(await _ledger.AuditAsync(null), "I-40", ["synchronous_commit is off"]);
    }
}
