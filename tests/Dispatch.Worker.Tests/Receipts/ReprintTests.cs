using Dispatch.PrintExport.Receipts;
using Dispatch.Routing;
using Dispatch.Worker.Printing;
using Dispatch.Worker.Reporting;
using Dispatch.Worker.Reporting.Audit;

namespace Dispatch.Worker.Tests.Receipts;

/// <summary>From a spoiled piece to its second print, and what the audit says of it.</summary>
public sealed class ReprintTests
{
    [Fact]
    public async Task AddAsync_SpoiledPieces_GoOutOnceMoreUnderTheirIds()
    {
        await using var world = await SpoiledAsync(0, 2, 3);
        var pieces = world.Batch.Pieces;
        var source = world.Batch;
        var effects = await EffectsAsync(world);

        var reprint = await AddAsync(world, source, pieces[3], pieces[0]);
        await world.Print.RunAsync();

        Assert.Equal((2, 2, false, source.Name), (reprint.Attempt, reprint.Pieces, reprint.IsRepeat, reprint.Of));
        var manifest = await File.ReadAllLinesAsync(Path.Combine(world.Print.Outbox, reprint.Batch + ".manifest.csv"));
        Assert.Equal(
            [$"1;{pieces[0].Id}", $"2;{pieces[3].Id}"],
            manifest.Skip(1).Select(line => string.Join(';', line.Split(';')[..2])));
        Assert.All(manifest.Skip(1), line => Assert.EndsWith(";2", line, StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(world.Print.Outbox, reprint.Batch + ".ticket.json")));
        Assert.Equal("spoiled", await world.PieceStateAsync(pieces[0]));
        Assert.Equal("handed_off", await world.PieceStateAsync(pieces[0], attempt: 2));
        Assert.Equal(effects, await EffectsAsync(world));
        Assert.Equal(1, (await PaperStatus.ReadAsync(world.Database.DataSource, null, TimeProvider.System, default))
            .Values.Single().PiecesToReprint);
        await AssertAuditAgreesAsync(world);
    }

    [Fact]
    public async Task AddAsync_SameRequestAgain_IsTheSameBatch()
    {
        await using var world = await SpoiledAsync(0, 2);
        var pieces = world.Batch.Pieces;
        var first = await AddAsync(world, world.Batch, pieces[0], pieces[2]);
        var batches = await world.Database.QueryAsync<long>("select count(*) from dispatch.batches");

        var second = await AddAsync(world, world.Batch, pieces[2], pieces[0]);
        await world.Print.RunAsync();
        var third = await AddAsync(world, world.Batch, pieces[0], pieces[2]);

        Assert.Equal(first with { IsRepeat = true }, second);
        Assert.Equal(second, third);
        Assert.Equal(batches, await world.Database.QueryAsync<long>("select count(*) from dispatch.batches"));
        Assert.Equal(
            1, await world.Database.QueryAsync<long>("select count(*) from dispatch.events where action = 'reprint'"));
    }

    [Fact]
    public async Task AddAsync_ManyAtOnce_MakeOneBatch()
    {
        await using var world = await SpoiledAsync(0);

        var all = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => AddAsync(world, world.Batch, world.Batch.Pieces[0])));

        Assert.Single(all, reprint => !reprint.IsRepeat);
        Assert.Single(all.Select(reprint => reprint.Batch).Distinct());
    }

    [Fact]
    public async Task AddAsync_AlsoTheReprintIsSpoiled_ThereIsAThirdAttempt()
    {
        await using var world = await SpoiledAsync(0);
        var first = world.Batch;
        var second = await AddAsync(world, first, first.Pieces[0]);
        await world.Print.RunAsync();
        await world.ReadBatchesAsync();
        var again = world.Batches.Single(batch => batch.Name == second.Batch);
        await world.ImportLinesAsync(again.Line(again.Pieces[0], "spoiled"));

        var third = await AddAsync(world, again, again.Pieces[0]);
        await world.Print.RunAsync();

        Assert.Equal(3, third.Attempt);
        Assert.NotEqual(second.Batch, third.Batch);
        Assert.Equal("handed_off", await world.PieceStateAsync(again.Pieces[0], attempt: 3));
        await AssertAuditAgreesAsync(world);
    }

    [Fact]
    public async Task AddAsync_PiecesOfARejectedBatch_AreLost()
    {
        await using var world = await ReceiptWorld.CreateAsync();
        await CompleteAsync(world);
        await world.ImportLinesAsync(world.Batch.Line("rejected"));

        var reprint = await AddAsync(world, world.Batch, [.. world.Batch.Pieces]);
        await world.Print.RunAsync();

        Assert.Equal(world.Batch.Pieces.Count, reprint.Pieces);
        await AssertAuditAgreesAsync(world);
    }

    [Theory]
    [InlineData("printed", "reprint.not_lost")]
    [InlineData("posted", "reprint.not_lost")]
    [InlineData("returned", "reprint.not_lost")]
    [InlineData("", "reprint.not_lost")]
    public async Task AddAsync_PieceThatMayBeOut_IsNotPrintedAgain(string status, string code)
    {
        await using var world = await SpoiledAsync(0);
        if (status.Length > 0)
        {
            await world.ImportLinesAsync(world.Batch.Line(world.Batch.Pieces[1], status));
        }

        var fault = await Assert.ThrowsAsync<DispatchException>(
            () => AddAsync(world, world.Batch, world.Batch.Pieces[0], world.Batch.Pieces[1]));

        Assert.Equal((code, ExitCode.Usage), (fault.Code, fault.Exit));
        Assert.Equal(
            0, await world.Database.QueryAsync<long>("select count(*) from dispatch.batches where attempt > 1"));
    }

    // "spoiled posted": one receipt file says the one, a later file the other.
    [Theory]
    [InlineData("spoiled posted", "receipt.contradiction")]
    [InlineData("rejected printed", "receipt.contradiction")]
    [InlineData("spoiled printed printed", "print.duplicate")]
    [InlineData("batch posted", "receipt.contradiction")]
    [InlineData("batch accepted", "receipt.contradiction")]
    public async Task AddAsync_PieceOneReceiptCallsLostAndAnotherNot_WaitsForItsIncidentToBeClosed(
        string said, string kind)
    {
        await using var world = await ReceiptWorld.CreateAsync();
        await CompleteAsync(world);
        var (batch, piece) = (world.Batch, world.Batch.Pieces[1]);
        foreach (var (status, minutes) in said.Split(' ').Select((status, minutes) => (status, minutes)))
        {
            await world.ImportLinesAsync(
                status == "batch" ? batch.Line("rejected")
                : status == "accepted" ? batch.Line("accepted")
                : batch.Line(piece, status, minutes));
        }

        var fault = await FaultAsync(world, batch, piece);
        Assert.Equal(("reprint.in_doubt", ExitCode.Usage), (fault.Code, fault.Exit));
        Assert.StartsWith("1 of the pieces", fault.Message, StringComparison.Ordinal);
        Assert.Equal(
            said == "batch posted" ? batch.Pieces.Count - 1 : 0, (await PaperStatus.ReadAsync(
                world.Database.DataSource, null, TimeProvider.System, default)).Values.Single().PiecesToReprint);

        var incidents = new Incidents(world.Database.DataSource);
        var incident = (await incidents.ListAsync(withClosed: false, default)).Single(open => open.Kind == kind);
        await incidents.CloseAsync(incident.Id, "anna", "they have it in their hands", default);
        Assert.False((await AddAsync(world, batch, piece)).IsRepeat);
        await world.Print.RunAsync();
        await AssertAuditAgreesAsync(world);
    }

    [Fact]
    public async Task AddAsync_EarlierPrintWasPostedAfterAll_TheLaterOneWaitsToo()
    {
        await using var world = await SpoiledAsync(0);
        var (first, piece) = (world.Batch, world.Batch.Pieces[0]);
        var second = await AddAsync(world, first, piece);
        await world.Print.RunAsync();
        await world.ReadBatchesAsync();
        var again = world.Batches.Single(batch => batch.Name == second.Batch);
        await world.ImportLinesAsync(first.Line(piece, "posted"));
        await world.ImportLinesAsync(again.Line(again.Pieces[0], "spoiled"));

        Assert.Equal("reprint.in_doubt", (await FaultAsync(world, again, again.Pieces[0])).Code);
    }

    [Fact]
    public async Task AddAsync_WrongRequests_AreRefusedAndChangeNothing()
    {
        await using var world = await SpoiledAsync(0, 1);
        var (batch, pieces) = (world.Batch, world.Batch.Pieces);
        var other = world.Batches.First(b => b.Name != batch.Name).Pieces[0];
        Assert.Equal("piece.unknown", (await FaultAsync(world, batch, pieces[0], other)).Code);
        await AddAsync(world, batch, pieces[0]);

        Assert.Equal("reprint.overlap", (await FaultAsync(world, batch, pieces[0], pieces[1])).Code);
        await world.Database.ExecuteAsync("update dispatch.jobs set state = 'handing_off'");
        Assert.Equal("reprint.job_not_done", (await FaultAsync(world, batch, pieces[1])).Code);
        await Assert.ThrowsAsync<DispatchException>(
            () => new ReprintPlan(world.Database.DataSource, TimeProvider.System).FindJobAsync("no-such", default));

        Assert.Equal(
            1, await world.Database.QueryAsync<long>("select count(*) from dispatch.batches where attempt > 1"));
    }

    [Fact]
    public async Task Receipts_OldBatchPostedAfterTheReprint_IsAConflict()
    {
        await using var world = await SpoiledAsync(0);
        var piece = world.Batch.Pieces[0];
        await AddAsync(world, world.Batch, piece);
        await world.Print.RunAsync();

        await world.ImportLinesAsync(world.Batch.Line(piece, "posted"));

        Assert.Equal(1, await world.IncidentsAsync(IncidentKind.Contradiction));
        Assert.Equal("spoiled", await world.PieceStateAsync(piece));
    }

    [Theory]
    [InlineData("update dispatch.batch_pieces set state = 'posted' where attempt = 1 and state = 'spoiled'",
        "attempt 2, though attempt 1 was not lost")]
    [InlineData("delete from dispatch.batch_pieces where attempt = 1 and state = 'spoiled'",
        "attempt 2, though attempt 1 was not lost")]
    [InlineData("alter table dispatch.events disable trigger user; "
        + "delete from dispatch.events where action = 'reprint'",
        "printed again without an event that says by whom and why")]
    [InlineData("update dispatch.batches set attempt = 3, number = 99 where attempt = 2",
        "attempt 2 in a batch of attempt 3")]
    public async Task Audit_SpoiltReprint_NamesIt(string sql, string finding)
    {
        await using var world = await SpoiledAsync(0);
        var reprint = await AddAsync(world, world.Batch, world.Batch.Pieces[0]);
        await world.Database.ExecuteAsync(sql);

        var result = await AuditAsync(world);

        var offender = Assert.Single(result.Invariants.Single(i => i.Id == "I-46").Offenders);
        Assert.Equal((reprint.Batch, finding), (offender.Batch, offender.Finding));
    }

    static async Task<ReceiptWorld> SpoiledAsync(params int[] pieces)
    {
        var world = await ReceiptWorld.CreateAsync();
        await CompleteAsync(world);
        await world.ImportLinesAsync(pieces.Select(piece => world.Batch.Line(world.Batch.Pieces[piece], "spoiled")));
        return world;
    }

    static Task CompleteAsync(ReceiptWorld world) => world.Database.ExecuteAsync("""
        update dispatch.jobs set state = 'completed', content_sha256 = decode(repeat('00', 32), 'hex'),
            release_date = '2026-03-09'
        """);

    static async Task<Reprint> AddAsync(ReceiptWorld world, Sent batch, params SentPiece[] pieces) =>
        await new ReprintPlan(world.Database.DataSource, TimeProvider.System).AddAsync(
            world.Print.Job, await world.Database.QueryAsync<string>("select state from ops.jobs"), batch.Name,
            pieces.Select(piece => piece.Id).ToHashSet(), "tester", "the inserter tore it", default);

    static Task<DispatchException> FaultAsync(ReceiptWorld world, Sent batch, params SentPiece[] pieces) =>
        Assert.ThrowsAsync<DispatchException>(() => AddAsync(world, batch, pieces));

    static Task<string> EffectsAsync(ReceiptWorld world) => world.Database.QueryAsync<string>(
        "select string_agg(p.job_id || ' ' || p.row_no || ' ' || p.reason, ',' order by row_no) "
        + "from dispatch.pieces p");

    static Task<AuditResult> AuditAsync(ReceiptWorld world) => LedgerAudit.RunAsync(
        world.Database.DataSource, null, world.Print.Data.Outbox, world.Print.Data.Receipts,
            world.Print.Data.Reports, TimeProvider.System, default);

    static async Task AssertAuditAgreesAsync(ReceiptWorld world)
    {
        var result = await AuditAsync(world);
        string[] ids =
            ["I-08", "I-11", "I-12", "I-13", "I-14", "I-15", "I-16", "I-17", "I-18", "I-19", "I-46", "I-41"];
        foreach (var id in ids)
        {
            var invariant = result.Invariants.Single(i => i.Id == id);
            Assert.Equal([], invariant.Offenders.Where(o => o.Chunk is null).Select(o => $"{id} {o}"));
        }
    }
}
