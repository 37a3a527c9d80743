using Dispatch.Worker.Reporting.Audit;

namespace Dispatch.Worker.Tests.Reporting.Audit;

/// <summary>The audit must find nothing in a right ledger, and each thing that is spoiled in it by hand.</summary>
public sealed class LedgerAuditTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    readonly SpoiltLedger _ledger = new(database);

    public Task InitializeAsync() => _ledger.InitializeAsync();

    public Task DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task RunAsync_RightLedger_FindsNothing()
    {
        foreach (var jobId in new int?[] { null, _ledger.Job, _ledger.OtherJob })
        {
            var result = await _ledger.AuditAsync(jobId);

            Assert.Equal([], result.Invariants.SelectMany(i => i.Offenders.Select(o => $"{i.Id} {o}")));
            Assert.True(result.IsClean);
            Assert.Contains(result.Invariants, i => i is { Id: "I-13", State: InvariantState.Ok });
            Assert.Contains(result.Invariants, i => i is { Id: "I-30", State: InvariantState.NotApplicable });
        }
    }

    [Fact]
    public async Task RunAsync_RightLedger_SpeaksOfEveryInvariantInOrder()
    {
        var result = await _ledger.AuditAsync(null);

        Assert.Equal(
            Enumerable.Range(1, 19).Select(n => $"I-{n:00}")
                .Concat(["I-25", "I-26", "I-30", "I-31", "I-32", "I-33", "I-35", "I-38", "I-39", "I-40", "I-41"])
                .Concat(["I-42", "I-43", "I-44", "I-46", "I-47"]),
            result.Invariants.Select(i => i.Id));
    }

    [Fact]
    public async Task RunAsync_CancelledJob_FindsNothing()
    {
        await _ledger.AddCancelledJobAsync();

        var result = await _ledger.AuditAsync(null);

        Assert.Equal([], result.Invariants.SelectMany(i => i.Offenders.Select(o => $"{i.Id} {o}")));
    }

    [Fact]
    public async Task RunAsync_RowsReleasedTogether_MayShareTheSalt()
    {
        await _ledger.SpoilAsync("""
            insert into dispatch.releases
            select {id}, row_no, decode(md5('act'), 'hex'), '2026-1', 1, 'op' from unnest('{3, 28}'::int[]) row_no
            """);

        Assert.Empty((await _ledger.AuditAsync(null)).Invariants.Single(i => i.Id == "I-25").Offenders);
    }

    [Theory]
    [InlineData("I-01", "update dispatch.chunks set rows = 39, digital = digital - 1 where {job} and chunk_no = 2",
        "job {id}: the job has 200 rows, its chunks have 199")]
    [InlineData("I-01", "delete from dispatch.chunks where {job}", "job {id}: the job has 200 rows, its chunks have 0")]
    [InlineData("I-02", "update dispatch.jobs set order_json = replace(order_json, '200', '201') where {job}",
        "job {id}: 201 rows were declared, 200 accepted")]
    [InlineData("I-02", """
        update dispatch.jobs set order_json = U&'\FEFF{"recipients": {"sha256": "AB"}}' where {job}
        """, "job {id}: the list is not the one whose SHA-256 was declared")]
    [InlineData("I-02", "update dispatch.jobs set order_json = '{' where {job}",
        "job {id}: its job.json cannot be read any more")]
    [InlineData("I-03", "update dispatch.chunks set first_row = 80 where {job} and chunk_no = 1",
        "job {id}, chunk 1, row 80: the chunk begins at row 80, expected 81",
        "job {id}, chunk 2, row 161: the chunk begins at row 161, expected 160")]
    [InlineData("I-03", "delete from dispatch.chunks where {job} and chunk_no = 2",
        "job {id}: the last chunk ends at row 160 of 200")]
    [InlineData("I-03", "delete from dispatch.chunks where {job}", "job {id}: the last chunk ends at row 0 of 200")]
    [InlineData("I-04", "insert into dispatch.refused values ({id}, 64, null, '', 405, '', 0)",
        "job {id}, row 64: 2 outcomes: digital, refused")]
    [InlineData("I-05", "delete from mailbox.letters where {job} and row_no in (1, 64, 65, 161)",
        "job {id}, chunk 0, row 1: no outcome", "job {id}, chunk 0, row 64: no outcome",
        "job {id}, chunk 0, row 65: no outcome", "job {id}, chunk 2, row 161: no outcome")]
    [InlineData("I-05", "delete from dispatch.held where {job} and row_no = 3", "job {id}, chunk 0, row 3: no outcome")]
    [InlineData("I-05", "delete from dispatch.pieces where {job} and row_no = 200",
        "job {id}, chunk 2, row 200: no outcome")]
    [InlineData("I-06", "update mailbox.letters set reason = 203 where {job} and row_no = 1",
        "job {id}, row 1: digital with reason 203")]
    [InlineData("I-06", "update dispatch.held set reason = 999 where {job} and row_no = 3",
        "job {id}, row 3: held with reason 999")]
    [InlineData("I-07", "delete from mailbox.letters where {job} and row_no = 1",
        "job {id}, chunk 0: 63 digital rows, the chunk was committed with 64")]
    [InlineData("I-07", "insert into dispatch.held values ({id}, 1, 1, '', 302, '', 0)",
        "job {id}, row 1: a letter, and also held")]
    [InlineData("I-07", "update dispatch.chunks set state = 'open', digital = null where {job} and chunk_no = 2",
        "job {id}, chunk 2: 33 digital rows, the chunk was committed with 0")]
    [InlineData("I-08", "delete from dispatch.batch_pieces where {job} and row_no = 10",
        "job {id}, row 10: a print piece of a completed job in no batch")]
    [InlineData("I-08", "update dispatch.batches set state = 'composed' where name = '{batch}'",
        "job {id}, batch {batch}: composed, though its job is completed")]
    [InlineData("I-08", "update dispatch.batch_pieces set attempt = 2 where {job} and row_no = 10",
        "job {id}, row 10: attempt 2 after 0 others")]
    [InlineData("I-08", "delete from dispatch.pieces where {job} and row_no = 200",
        "job {id}, chunk 2: 3 paper rows, the chunk was committed with 4")]
    [InlineData("I-09", "insert into mailbox.letters values (0, {id}, 3, 3, 101, 0, now(), '')",
        "job {id}, row 3: held, and also a letter")]
    [InlineData("I-09", "insert into dispatch.pieces values ({id}, 7, 7, 203, 0, 1, 'DK', '', 2, 1, '')",
        "job {id}, row 7: refused, and also a print piece")]
    [InlineData("I-09", "delete from dispatch.held where {job} and row_no = 3",
        "job {id}, chunk 0: 3 held rows, the chunk was committed with 4")]
    [InlineData("I-09", "delete from dispatch.refused where {job} and row_no = 7",
        "job {id}, chunk 0: 3 refused rows, the chunk was committed with 4")]
    [InlineData("I-10", "insert into mailbox.letters values (0, {id}, 201, 3, 101, 0, now(), '')",
        "job {id}, row 201: a letter outside the rows of an accepted job")]
    [InlineData("I-10", "insert into dispatch.refused values ({id}, 0, null, '', 405, '', 0)",
        "job {id}, row 0: refused outside the rows of an accepted job")]
    [InlineData("I-10", "update dispatch.batch_pieces set row_no = 11 where {job} and row_no = 10",
        "job {id}, row 11, batch {batch}: printed, but no print piece of the batch's job")]
    [InlineData("I-11", "insert into mailbox.letters values (0, {id}, 10, 3, 101, 0, now(), '')",
        "job {id}, row 10: a letter and a print piece")]
    [InlineData("I-12", "update dispatch.batches set pages = 25 where name = '{batch}'",
        "job {id}, batch {batch}: 12 pieces, 25 pages, 12 sheets; its pieces add up to 12, 24, 12")]
    [InlineData("I-12", "update dispatch.batch_pieces set sequence = 99 where {job} and row_no = 120",
        "job {id}, row 120, batch {batch}: sequence 99, expected 12")]
    [InlineData("I-12", "update dispatch.batch_pieces set first_page = 24 where {job} and row_no = 120",
        "job {id}, row 120, batch {batch}: begins on page 24, expected 23")]
    [InlineData("I-12", "update dispatch.pieces set sheets = 3 where {job} and row_no = 120",
        "job {id}, row 120, batch {batch}: 1 sheets, decided with 3")]
    [InlineData("I-12", "update dispatch.batch_pieces set envelope_no = 13 where {job} and row_no = 120",
        "job {id}, row 120, batch {batch}: envelope number 2 more than the one before")]
    [InlineData("I-12", "update dispatch.batch_pieces set envelope_no = 11 where {job} and row_no = 120",
        "job {id}, row 110, batch {batch}: envelope 11: 2 pieces, 2 sheets; expected people known to live together, "
        + "and sheets that fit")]
    [InlineData("I-14", "update dispatch.batches set number = 3 where name = '{batch}'", "*")]
    [InlineData("I-14",
        "update dispatch.batch_pieces set piece_id = 'ffffffffffffffffffff' where {job} and row_no = 120",
        "job {id}, row 120, batch {batch}: the piece id does not follow from job and row", "*")]
    [InlineData("I-25", "update dispatch.chunks set salt = decode(md5('{id}/0'), 'hex') where {job} and chunk_no = 1",
        "job {id}, chunk 0: shares its salt with another of the job",
        "job {id}, chunk 1: shares its salt with another of the job")]
    [InlineData("I-25", "update dispatch.chunks set salt = '\\x0102' where {job} and chunk_no = 1",
        "job {id}, chunk 1: a salt of 2 bytes, expected 16")]
    [InlineData("I-25", """
        insert into dispatch.releases values ({id}, 3, decode(md5('{id}/0'), 'hex'), '2026-1', 1, 'op')
        """, "job {id}, chunk 0: shares its salt with another of the job",
        "job {id}, row 3: shares its salt with another of the job")]
    [InlineData("I-30", "insert into dispatch.releases values ({id}, 3, sha256('x'), '2026-1', 1, 'op')",
        "job {id}, row 3: no event held_release")]
    [InlineData("I-35", "update dispatch.chunks set rule_set = null where {job} and chunk_no = 1",
        "job {id}, chunk 1: no rule set is noted")]
    [InlineData("I-35", "update dispatch.chunks set register_version = 7 where {job} and chunk_no = 1",
        "job {id}, chunk 1: register version 7 is unknown")]
    [InlineData("I-35", "update dispatch.chunks set done_at = '2026-01-01' where {job} and chunk_no = 1",
        "job {id}, chunk 1: decided before its register was imported")]
    [InlineData("I-43", "update dispatch.jobs set completed_at = '2026-03-09 06:00:01Z' where {job}",
        "job {id}: submitted, released and completed are not in this order", "*")]
    [InlineData("I-43", "update dispatch.batches set handed_off_at = '2026-03-09 06:00:01Z' where name = '{batch}'",
        "job {id}, batch {batch}: handed off before it was planned")]
    public async Task RunAsync_SpoiledLedger_NamesWhatWasSpoiled(string id, string sql, params string[] offenders)
    {
        await _ledger.SpoilAsync(sql);

        foreach (var jobId in new int?[] { null, _ledger.Job })
        {
            var result = await _ledger.AuditAsync(jobId);

            Assert.False(result.IsClean);
            SpoiltLedger.AssertOffenders(result, id, [.. offenders.Select(_ledger.Fill)]);
        }

        Assert.True((await _ledger.AuditAsync(_ledger.OtherJob)).IsClean);
    }

    [Fact]
    public async Task RunAsync_LetterOfUnknownJob_IsNamed()
    {
        await _ledger.SpoilAsync("insert into mailbox.letters values (0, 999, 1, 1, 101, 0, now(), '')");

        SpoiltLedger.AssertOffenders(
            await _ledger.AuditAsync(null), "I-10", ["job 999, row 1: a letter outside the rows of an accepted job"]);
    }

    [Fact]
    public async Task RunAsync_ManyOffenders_NamesTwentyAndSaysThatThereAreMore()
    {
        await _ledger.SpoilAsync("delete from mailbox.letters where {job}");

        var result = (await _ledger.AuditAsync(_ledger.Job)).Invariants.Single(i => i.Id == "I-05");

        Assert.Equal(20, result.Offenders.Count);
        Assert.True(result.HasMore);
        Assert.StartsWith("I-05  every row of a done chunk", result.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("\n      and more", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_UnknownJob_IsRefused()
    {
        var fault = await Assert.ThrowsAsync<Dispatch.Routing.DispatchException>(() => _ledger.AuditAsync(999));

        Assert.Equal("job.unknown", fault.Code);
    }

    [Theory]
    [InlineData(".pdf", "%PDF-1.4 of something else", "its PDF has 26 bytes, recorded are *")]
    [InlineData(".manifest.csv", "sequence;piece_id\r\n", "its manifest has 19 bytes, recorded are *")]
    [InlineData(".ticket.json", "{}", "its ticket does not say what is recorded")]
    [InlineData(".ticket.json", "", "its ticket is no JSON")]
    public async Task RunAsync_FileOfOutboxChanged_NamesItsBatch(string kind, string content, string finding)
    {
        await File.WriteAllTextAsync(_ledger.OutboxPath(_ledger.Batch + kind), content);

        foreach (var jobId in new int?[] { null, _ledger.Job })
        {
            var result = await _ledger.AuditAsync(jobId);

            var offenders = result.Invariants.Single(i => i.Id == "I-13").Offenders;
            Assert.All(
                offenders, offender => Assert.Equal((_ledger.Job, _ledger.Batch), (offender.Job, offender.Batch)));
            Assert.StartsWith(finding.TrimEnd('*'), offenders[0].Finding, StringComparison.Ordinal);
        }

        Assert.True((await _ledger.AuditAsync(_ledger.OtherJob)).IsClean);
    }

    [Fact]
    public async Task RunAsync_PdfOfSameSizeButOtherBytes_NamesItsBatch()
    {
        var pdf = await File.ReadAllBytesAsync(_ledger.OutboxPath(_ledger.Batch + ".pdf"));
        pdf[^1] ^= 1;
        await File.WriteAllBytesAsync(_ledger.OutboxPath(_ledger.Batch + ".pdf"), pdf);

        var offender = Assert.Single((await _ledger.AuditAsync(null)).Invariants.Single(i => i.Id == "I-13").Offenders);

        Assert.Equal((_ledger.Job, _ledger.Batch), (offender.Job, offender.Batch));
        Assert.StartsWith("its PDF has SHA-256", offender.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ManifestAndDatabaseDisagreeOnAPiece_NamesItsRow()
    {
        await _ledger.SpoilAsync("update dispatch.pieces set postcode = '' where {job} and row_no = 120");

        SpoiltLedger.AssertOffenders(
            await _ledger.AuditAsync(null), "I-13",
            [_ledger.Fill("job {id}, row 120, batch {batch}: line 13 of its manifest is not this piece's")]);
    }

    [Fact]
    public async Task RunAsync_FilesTakenByThePrintHouse_AreNoFault()
    {
        foreach (var path in Directory.EnumerateFiles(_ledger.Outbox, "*", SearchOption.AllDirectories))
        {
            File.Delete(path);
        }

        var result = await _ledger.AuditAsync(null);

        Assert.True(result.IsClean);
        Assert.Equal(InvariantState.NotApplicable, result.Invariants.Single(i => i.Id == "I-13").State);
    }

    [Fact]
    public async Task RunAsync_StrangeFileInOutbox_IsNamed()
    {
        await File.WriteAllTextAsync(_ledger.OutboxPath("20260309-other.pdf"), "");

        SpoiltLedger.AssertOffenders(
            await _ledger.AuditAsync(null), "I-41", ["default/20260309-other.pdf belongs to no batch"]);
        Assert.True((await _ledger.AuditAsync(_ledger.Job)).IsClean);
    }

    [Fact]
    public async Task RunAsync_PartLeftInOutbox_IsNamed()
    {
        await File.WriteAllTextAsync(_ledger.OutboxPath(_ledger.Batch + ".pdf.part"), "");

        SpoiltLedger.AssertOffenders(
            await _ledger.AuditAsync(_ledger.Job), "I-41",
            [_ledger.Fill("job {id}, batch {batch}: a part of its .pdf was left behind")]);
    }

    [Fact]
    public async Task RunAsync_FileOutBeforeItsHandoff_IsNamed()
    {
        await _ledger.SpoilAsync("update dispatch.batches set handoff_started_at = null where name = '{batch}'");
        File.Delete(_ledger.OutboxPath(_ledger.Batch + ".ticket.json"));
        File.Delete(_ledger.OutboxPath(_ledger.Batch + ".manifest.csv"));

        SpoiltLedger.AssertOffenders(
            await _ledger.AuditAsync(_ledger.Job), "I-41",
            [_ledger.Fill("job {id}, batch {batch}: its .pdf is out before its hand-off began")]);
    }

    [Fact]
    public async Task RunAsync_FilesWithAnotherPrintHouse_AreNamed()
    {
        await _ledger.SpoilAsync("update dispatch.batches set print_house = 'north' where name = '{batch}'");
        File.Delete(_ledger.OutboxPath(_ledger.Batch + ".ticket.json"));
        File.Delete(_ledger.OutboxPath(_ledger.Batch + ".manifest.csv"));

        SpoiltLedger.AssertOffenders(
            await _ledger.AuditAsync(_ledger.Job), "I-41",
            [_ledger.Fill("job {id}, batch {batch}: its .pdf lies with print house default, not north")]);
    }
}
