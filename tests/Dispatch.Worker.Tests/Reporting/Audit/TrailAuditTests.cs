using Dispatch.Worker.Reporting;
using Dispatch.Worker.Reporting.Audit;

namespace Dispatch.Worker.Tests.Reporting.Audit;

/// <summary>What may be done to keys and trail by somebody who can do everything in the database.</summary>
public sealed class TrailAuditTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    static readonly DateTimeOffset Today = new(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);

    readonly SpoiltLedger _ledger = new(database);

    public async Task InitializeAsync()
    {
        await _ledger.InitializeAsync();
        await database.ExecuteAsync("""
            insert into dispatch.events (actor, action, job_id, row_no, detail)
            select 'anna', 'act', nullif(n % 3, 0), nullif(n % 5, 0), 'æøå ' || n from generate_series(1, 9) n
            """);
        Assert.Equal(10, (await ExportAsync(Today))!.EventNo);
        await database.ExecuteAsync("insert into dispatch.events (actor, action) values ('bo', 'act'), ('bo', 'act')");
    }

    public Task DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task RunAsync_TrailAsItWasWritten_IsRight()
    {
        var result = await _ledger.AuditAsync(null);

        Assert.Equal([], result.Invariants.SelectMany(i => i.Offenders.Select(o => $"{i.Id} {o}")));
        Assert.Contains(result.Invariants, i => i is { Id: "I-31", State: InvariantState.Ok });
        Assert.Contains(result.Invariants, i => i is { Id: "I-26", State: InvariantState.Ok });
    }

    [Theory]
    [InlineData("update dispatch.events set detail = 'æøå 44' where event_no = 4",
        "event 4 was changed: its hash is not that of what it says")]
    [InlineData("update dispatch.events set actor = 'ann', action = 'aact' where event_no = 4",
        "event 4 was changed: its hash is not that of what it says")]
    [InlineData("update dispatch.events set at = at + interval '1 microsecond' where event_no = 4",
        "event 4 was changed: its hash is not that of what it says")]
    [InlineData("update dispatch.events set job_id = null where event_no = 4",
        "event 4 was changed: its hash is not that of what it says")]
    [InlineData("update dispatch.events set row_no = job_id, job_id = row_no where event_no = 8",
        "event 8 was changed: its hash is not that of what it says")]
    [InlineData("delete from dispatch.events where event_no in (4, 5)", "events 4 to 5 are missing")]
    [InlineData("delete from dispatch.events where event_no = 1", "events 1 to 1 are missing")]
    [InlineData("""
        update dispatch.events set prev_hash = sha256('x'),
            hash = dispatch.event_hash(sha256('x'), event_no, at, actor, action, job_id, row_no, detail)
        where event_no = 12
        """, "event 12 does not follow event 11: one of them was exchanged",
        "the head of the trail is not the hash of event 12")]
    [InlineData("delete from dispatch.events where event_no > 10", "the trail ends at event 10, its head is event 12")]
    [InlineData("""
        delete from dispatch.events where event_no > 9;
        update dispatch.trail_head set event_no = 9, hash = (select hash from dispatch.events where event_no = 9)
        """, "event 10 was exported on 2026-03-09 and is not there: the trail ends at event 9")]
    [InlineData("delete from dispatch.trail_head", "the trail has no head")]
    public async Task RunAsync_TrailSpoiledBySuperuser_NamesWhatWasSpoiled(string sql, params string[] offenders)
    {
        await SpoilAsync(sql);

        foreach (var jobId in new int?[] { null, _ledger.Job })
        {
            SpoiltLedger.AssertOffenders(await _ledger.AuditAsync(jobId), "I-31", offenders);
        }
    }

    /// <summary>The whole chain made anew, in itself right: only the head that lies elsewhere tells.</summary>
    [Fact]
    public async Task RunAsync_TrailMadeAnewBySuperuser_IsCaughtByTheExportedHead()
    {
        await SpoilAsync("""
            update dispatch.events set actor = 'nobody' where event_no = 3;
            do $$
            declare
                e dispatch.events;
                last bytea := decode(repeat('00', 32), 'hex');
            begin
                for e in select * from dispatch.events order by event_no loop
                    update dispatch.events set prev_hash = last,
                        hash = dispatch.event_hash(last, event_no, at, actor, action, job_id, row_no, detail)
                    where event_no = e.event_no returning hash into last;
                end loop;
                update dispatch.trail_head set hash = last;
            end $$
            """);

        SpoiltLedger.AssertOffenders(
            await _ledger.AuditAsync(null), "I-31",
            ["event 10 is not the one that was exported on 2026-03-09: the trail was made anew"]);
    }

    [Fact]
    public async Task RunAsync_EventsWrittenAfterTheTailWasCut_LeaveTheGap()
    {
        await SpoilAsync("delete from dispatch.events where event_no > 10");
        await database.ExecuteAsync("insert into dispatch.events (actor, action) values ('bo', 'later')");

        SpoiltLedger.AssertOffenders(await _ledger.AuditAsync(null), "I-31", ["events 11 to 12 are missing"]);
    }

    [Fact]
    public async Task RunAsync_ExportFileThatWasChanged_IsNamed()
    {
        await File.AppendAllTextAsync(Path.Combine(_ledger.Reports, "trail.jsonl"), "{}\n");

        SpoiltLedger.AssertOffenders(
            await _ledger.AuditAsync(null), "I-31", ["line 2 of reports/trail.jsonl is no exported head"]);
    }

    [Fact]
    public async Task AppendAsync_OnceADay_WritesOneLineAndOneEvent()
    {
        Assert.Null(await ExportAsync(Today.AddHours(5)));
        var next = await ExportAsync(Today.AddDays(1));

        Assert.Equal(13, next!.EventNo);
        Assert.Equal([10L, 13L], (await TrailExport.ReadAsync(_ledger.Reports, default)).Select(head => head.EventNo));
        Assert.Equal(
            2L, await database.QueryAsync<long>("select count(*) from dispatch.events where action = 'trail_export'"));
        Assert.True((await _ledger.AuditAsync(null)).IsClean);
    }

    [Theory]
    [InlineData("update dispatch.jobs set key_id = 'k' where {job}",
        "job {id}: its data key is wrapped under key k, which is unknown")]
    [InlineData("""
        insert into dispatch.keys (key_id, state) values ('k', 'retired');
        update dispatch.jobs set key_id = 'k' where {job}
        """, "job {id}: its data key is wrapped under key k, which is retired")]
    [InlineData(
        "update dispatch.jobs set data_key = null, key_id = null, forgotten_at = now(), forgotten_by = 'x' where {job}",
        "job {id}: its data key is gone, but no event says so")]
    [InlineData("""
        insert into dispatch.events (actor, action, job_id) values ('x', 'key_forget', {id});
        update dispatch.jobs
        set state = 'running', data_key = null, key_id = null, forgotten_at = now(), forgotten_by = 'x'
        where {job}
        """, "job {id}: its data key is gone though it is running")]
    public async Task RunAsync_SpoiledKeys_AreNamed(string sql, string offender)
    {
        await _ledger.SpoilAsync(sql);

        SpoiltLedger.AssertOffenders(await _ledger.AuditAsync(null), "I-26", [_ledger.Fill(offender)]);
        SpoiltLedger.AssertOffenders(await _ledger.AuditAsync(_ledger.Job), "I-26", [_ledger.Fill(offender)]);
    }

    [Fact]
    public async Task RunAsync_ForgottenJob_IsRightAndSaid()
    {
        await _ledger.SpoilAsync("""
            insert into dispatch.events (actor, action, job_id) values ('x', 'key_forget', {id});
            update dispatch.jobs set data_key = null, key_id = null, forgotten_at = now(), forgotten_by = 'x'
            where {job}
            """);

        var result = await _ledger.AuditAsync(null);

        Assert.True(result.IsClean);
        Assert.Equal([_ledger.Job], result.ForgottenJobs);
        Assert.Empty((await _ledger.AuditAsync(_ledger.OtherJob)).ForgottenJobs);
    }

    Task<ExportedHead?> ExportAsync(DateTimeOffset now) =>
        TrailExport.AppendAsync(database.DataSource, _ledger.Reports, "anna", now, default);

    Task SpoilAsync(string sql) => database.ExecuteAsync($"""
        alter table dispatch.events disable trigger user;
        {sql};
        alter table dispatch.events enable always trigger events_chain;
        alter table dispatch.events enable always trigger events_head;
        alter table dispatch.events enable always trigger events_append_only;
        """);
}
