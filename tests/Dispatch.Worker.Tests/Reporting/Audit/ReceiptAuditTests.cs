using System.Security.Cryptography;
using Dispatch.Worker.Reporting.Audit;

namespace Dispatch.Worker.Tests.Reporting.Audit;

/// <summary>The invariants about receipts: nothing in a right ledger, and each thing that is spoiled.</summary>
public sealed class ReceiptAuditTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    // Everything of {second} was printed; the first piece of {batch}, row 10, was spoiled after it was printed.
    const string Receipts = """
        insert into dispatch.receipt_files (print_house, sha256, bytes, name, lines, state, imported_at, imported_by)
        values ('default', sha256('receipts'), 8, 'a.receipts.csv', 10, 'applied', now(), 'op');

        insert into dispatch.receipt_lines
        select 1, 1 + row_number() over (), i.batch_id, i.sequence, 'printed', 2, 1, now(), 'applied'
        from dispatch.batch_pieces i join dispatch.batches b using (batch_id) where b.name = '{second}'
        union all
        select 1, 100 + n, batch_id, 1, status, 2, 1, now(), 'applied'
        from dispatch.batches, (values (1, 'printed'), (2, 'spoiled')) s (n, status) where name = '{batch}';

        update dispatch.batch_pieces i set state = 'printed' from dispatch.batches b
        where b.batch_id = i.batch_id and b.name = '{second}';
        update dispatch.batch_pieces set state = 'spoiled' where {job} and row_no = 10;
        update dispatch.batches set state = 'printed' where name = '{second}';
        """;

    readonly SpoiltLedger _ledger = new(database);

    string Taken => Path.Combine(
        _ledger.Receipts, "applied", $"default-{Convert.ToHexStringLower(SHA256.HashData("receipts"u8))}.receipts.csv");

    public async Task InitializeAsync()
    {
        await _ledger.InitializeAsync();
        await _ledger.SpoilAsync(Receipts);
        await File.WriteAllTextAsync(Taken, "receipts");
    }

    public Task DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task RunAsync_RightReceipts_FindsNothing()
    {
        foreach (var jobId in new int?[] { null, _ledger.Job, _ledger.OtherJob })
        {
            var result = await _ledger.AuditAsync(jobId);

            Assert.Equal([], result.Invariants.SelectMany(i => i.Offenders.Select(o => $"{i.Id} {o}")));
            Assert.Equal(
                jobId != _ledger.OtherJob, result.Invariants.Single(i => i.Id == "I-16").State == InvariantState.Ok);
        }
    }

    [Fact]
    public async Task RunAsync_ReceiptFolderIsNotWhatIsRecorded_NamesEachFile()
    {
        var name = Path.GetFileName(Taken);
        var stranger = Path.Combine(_ledger.Receipts, "quarantine", "north-00.receipts.csv");
        await File.WriteAllTextAsync(stranger, "");
        await File.WriteAllTextAsync(Taken, "receipt5");
        SpoiltLedger.AssertOffenders(
            await _ledger.AuditAsync(null), "I-42",
            [$"applied/{name} has other content than it came with", $"applied/{name} is missing or changed",
                "quarantine/north-00.receipts.csv is not known to the database"]);

        File.Delete(stranger);
        File.Delete(Taken);
        SpoiltLedger.AssertOffenders(await _ledger.AuditAsync(null), "I-42", [$"applied/{name} is missing or changed"]);
        Assert.True((await _ledger.AuditAsync(_ledger.Job)).IsClean);
    }

    [Theory]
    [InlineData("I-44", """
        insert into dispatch.incidents (at, kind, print_house, receipt_id, batch_id, detail, closed_at, closed_by,
            close_reason)
        select now(), 'batch.rejected', 'default', 1, batch_id, '', now(), 'op', 'why'
        from dispatch.batches where name = '{batch}'
        """, "*")]
    [InlineData("I-15", "update dispatch.batches set receipt_due = null where name = '{batch}'",
        "job {id}, batch {batch}: handed off without a date by which its receipts are due")]
    [InlineData("I-16", "update dispatch.receipt_files set print_house = 'north'",
        "job {id}, batch {batch}: a receipt of print house north, handed off to default",
        "job {id}, batch {second}: a receipt of print house north, handed off to default")]
    [InlineData("I-16", "update dispatch.receipt_lines set receipt_id = 7 where line_no > 100",
        "job {id}, batch {batch}: a receipt of no file")]
    [InlineData("I-16", "update dispatch.receipt_files set state = 'quarantined'", "*")]
    [InlineData("I-16", "update dispatch.batches set state = 'composed' where name = '{second}'",
        "job {id}, batch {second}: answered, though it is composed")]
    [InlineData("I-17", "update dispatch.batch_pieces set state = 'posted' where {job} and row_no = 10",
        "job {id}, row 10, batch {batch}: the piece is posted, its last receipt says spoiled")]
    [InlineData("I-17", "update dispatch.batch_pieces set state = 'posted' where {job} and row_no = 20",
        "job {id}, row 20, batch {batch}: the piece is posted, its last receipt says nothing")]
    [InlineData("I-17", "update dispatch.batch_pieces set state = null where {job} and row_no = 10",
        "job {id}, row 10, batch {batch}: the piece is unanswered, its last receipt says spoiled")]
    [InlineData("I-17", "update dispatch.batches set state = 'printed' where name = '{batch}'",
        "job {id}, batch {batch}: printed with 1 of 12 pieces answered for")]
    [InlineData("I-17", "update dispatch.batches set state = 'accepted' where name = '{second}'",
        "job {id}, batch {second}: accepted with 8 of 8 pieces answered for")]
    [InlineData("I-19", "update dispatch.receipt_lines set pages = 4 where line_no = 101",
        "job {id}, row 10, batch {batch}: 4 pages and 1 sheets were reported, 2 and 1 handed off, "
        + "and no incident tells of it")]
    public async Task RunAsync_SpoiledReceipts_NamesWhatWasSpoiled(string id, string sql, params string[] offenders)
    {
        await _ledger.SpoilAsync(sql);

        foreach (var jobId in new int?[] { null, _ledger.Job })
        {
            SpoiltLedger.AssertOffenders(await _ledger.AuditAsync(jobId), id, [.. offenders.Select(_ledger.Fill)]);
        }

        Assert.True((await _ledger.AuditAsync(_ledger.OtherJob)).IsClean);
    }

    [Theory]
    [InlineData("I-16",
        "insert into dispatch.receipt_lines values (1, 500, 999, 0, 'accepted', 2, 1, now(), 'applied')",
        "file 1 has a receipt of a batch that is not there")]
    [InlineData("I-18", "delete from dispatch.receipt_lines where line_no = 101",
        "file 1 was applied with 10 receipts, 9 are there")]
    [InlineData("I-18", """
        alter table dispatch.receipt_files drop constraint receipt_files_once;
        insert into dispatch.receipt_files (print_house, sha256, bytes, name, lines, state, imported_at, imported_by)
        values ('default', sha256('receipts'), 8, 'a.receipts.csv', 0, 'quarantined', now(), 'op')
        """, "2 files of print house default with the same content")]
    public async Task RunAsync_SpoiledFiles_AreNamed(string id, string sql, string offender)
    {
        await _ledger.SpoilAsync(sql);

        SpoiltLedger.AssertOffenders(await _ledger.AuditAsync(null), id, [offender]);
    }

    [Fact]
    public async Task RunAsync_OtherCountsWithTheirIncident_FindsNothing()
    {
        await _ledger.SpoilAsync("""
            update dispatch.receipt_lines set pages = 4 where line_no = 101;
            insert into dispatch.incidents (at, kind, print_house, receipt_id, batch_id, sequence, detail)
            select now(), 'receipt.counts', 'default', 1, batch_id, 1, '' from dispatch.batches where name = '{batch}'
            """);

        Assert.Empty((await _ledger.AuditAsync(null)).Invariants.Single(i => i.Id == "I-19").Offenders);
    }
}
