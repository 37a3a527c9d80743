using Dispatch.PrintExport.Handoff;
using Dispatch.PrintExport.Receipts;
using Dispatch.Worker.Reporting;
using Dispatch.Worker.Reporting.Audit;

namespace Dispatch.Worker.Tests.Receipts;

public sealed class ReceiptAlarmTests
{
    const int DaysMax = 2;

    [Fact]
    public async Task ReadAsync_BatchesWithoutReceipts_RaiseAnAlarmAfterTwoWorkingDays()
    {
        await using var world = await ReceiptWorld.CreateAsync();
        var due = await world.Database.QueryAsync<DateOnly>("select max(receipt_due) from dispatch.batches");
        Assert.Equal(WorkingDays.Add(DanishTime.DateOf(TimeProvider.System.GetUtcNow()), DaysMax), due);

        // The last moment of that day in Copenhagen, where it is an hour or two later than in UTC, and the first one
        // after.
        var midnight = new DateTimeOffset(due.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        Assert.Equal(0, (await StatusAsync(world, midnight.AddHours(-3))).BatchesOverdue);
        var overdue = await StatusAsync(world, midnight);
        Assert.Equal((world.Batches.Count, ReceiptWorld.Rows), (overdue.BatchesOverdue, overdue.PiecesUnanswered));
    }

    [Fact]
    public async Task ReadAsync_SomePiecesAnswered_TheOthersAreOverdue()
    {
        await using var world = await ReceiptWorld.CreateAsync();
        foreach (var batch in world.Batches.Where(batch => batch.Name != world.Batch.Name))
        {
            await world.ImportLinesAsync(batch.All("printed"));
        }

        await world.ImportLinesAsync(
        [
            world.Batch.Line("accepted"),
            world.Batch.Line(world.Batch.Pieces[0], "printed"),
            world.Batch.Line(world.Batch.Pieces[1], "spoiled"),
        ]);
        var status = await StatusAsync(world, TimeProvider.System.GetUtcNow().AddDays(30));
        Assert.Equal(
            (1, world.Batch.Pieces.Count - 2, 1),
            (status.BatchesOverdue, status.PiecesUnanswered, status.PiecesToReprint));

        await world.ImportLinesAsync(world.Batch.Pieces.Skip(2).Select(piece => world.Batch.Line(piece, "printed")));
        Assert.Equal(0, (await StatusAsync(world, TimeProvider.System.GetUtcNow().AddDays(30))).BatchesOverdue);
    }

    [Fact]
    public async Task View_OverdueBatches_ListsThem()
    {
        await using var world = await ReceiptWorld.CreateAsync();
        Assert.Equal(0, await world.Database.QueryAsync<long>("select count(*) from ops.receipt_alarms"));

        await world.Database.ExecuteAsync("update dispatch.batches set receipt_due = '2026-03-11'");

        Assert.Equal(
            $"{world.Batches.Count} {ReceiptWorld.Rows}",
            await world.Database.QueryAsync<string>(
                "select count(*) || ' ' || sum(unanswered) from ops.receipt_alarms"));
    }

    [Fact]
    public async Task ReadAsync_RejectedBatch_IsToBeReprinted()
    {
        await using var world = await ReceiptWorld.CreateAsync();

        await world.ImportLinesAsync(world.Batch.Line("rejected"));

        var status = await StatusAsync(world, TimeProvider.System.GetUtcNow());
        Assert.Equal((world.Batch.Pieces.Count, 1), (status.PiecesToReprint, status.Incidents));
    }

    [Fact]
    public async Task Audit_AfterManyReceipts_AgreesWithTheEngine()
    {
        await using var world = await ReceiptWorld.CreateAsync();
        var (batch, pieces) = (world.Batch, world.Batch.Pieces);
        await world.ImportLinesAsync(
            [batch.Line("accepted"), .. batch.All("printed"), batch.Line(pieces[0], "spoiled")]);
        await world.ImportLinesAsync(
            [.. batch.All("posted"), batch.Line(pieces[1], "returned"), batch.Line(pieces[2], "printed", 9)]);
        await world.ImportLinesAsync($"{batch.Name};{pieces[3].Id};posted;9;9;{batch.At()}");
        foreach (var other in world.Batches.Where(other => other.Name != batch.Name))
        {
            await world.ImportLinesAsync(other.Pieces.Select(piece => other.Line(piece, "rejected")));
        }

        var result = await LedgerAudit.RunAsync(
            world.Database.DataSource, null, world.Print.Data.Outbox, world.Print.Data.Receipts,
            world.Print.Data.Reports, TimeProvider.System, default);

        foreach (var id in new[] { "I-15", "I-16", "I-17", "I-18", "I-19" })
        {
            var invariant = result.Invariants.Single(i => i.Id == id);
            Assert.Equal([], invariant.Offenders.Select(offender => $"{id} {offender}"));
            Assert.Equal(InvariantState.Ok, invariant.State);
        }
    }

    static async Task<PaperStatus> StatusAsync(ReceiptWorld world, DateTimeOffset now)
    {
        var byJob = await PaperStatus.ReadAsync(world.Database.DataSource, null, new SetClock(now), default);
        return byJob[world.Print.Job.JobId];
    }

    sealed class SetClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
