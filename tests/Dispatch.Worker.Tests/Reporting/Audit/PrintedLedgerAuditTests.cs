using Dispatch.Worker.Reporting.Audit;
using Dispatch.Worker.Tests.Printing;

namespace Dispatch.Worker.Tests.Reporting.Audit;

/// <summary>
/// The audit writes down names, ids and formats a second time: both must agree on what the engine made.
/// </summary>
public sealed class PrintedLedgerAuditTests
{
    [Fact]
    public async Task RunAsync_BatchesTheEngineMade_FindsThemRight()
    {
        const int Rows = 40;
        await using var world = await PrintWorld.CreateAsync(Rows);
        await world.AddPiecesAsync(Enumerable.Range(1, Rows));
        await world.RunAsync();

        // The order its batches were made for, which that world does not store.
        await world.Database.ExecuteAsync(
            "update dispatch.jobs set content_sha256 = decode(repeat('00', 32), 'hex'), release_date = '2026-03-09'");

        var outbox = Path.GetDirectoryName(world.Outbox)!;
        var result = await LedgerAudit.RunAsync(
            world.Database.DataSource, null, outbox, "/nowhere", "/nowhere", TimeProvider.System, default);

        foreach (var id in new[] { "I-08", "I-11", "I-12", "I-13", "I-14", "I-41" })
        {
            var invariant = result.Invariants.Single(i => i.Id == id);
            Assert.Equal([], invariant.Offenders.Where(o => o.Chunk is null).Select(o => $"{id} {o}"));
        }

        Assert.Equal(InvariantState.Ok, result.Invariants.Single(i => i.Id == "I-13").State);
        Assert.Equal(InvariantState.Ok, result.Invariants.Single(i => i.Id == "I-14").State);
    }
}
