using Dispatch.Routing;
using Dispatch.Worker.Reporting;
using Dispatch.Worker.Reporting.Audit;

namespace Dispatch.Worker.Tests.Receipts;

/// <summary>Incidents are closed by people, and are open again when a print house says the same again.</summary>
public sealed class IncidentsTests
{
    [Fact]
    public async Task CloseAsync_IncidentAndQuarantinedFile_AreClosedOnceWithAReasonAndOpenAgainWhenTheyComeAgain()
    {
        await using var world = await ReceiptWorld.CreateAsync();
        var incidents = new Incidents(world.Database.DataSource);
        var (batch, piece) = (world.Batch, world.Batch.Pieces[0]);
        await world.ImportLinesAsync(batch.Line(piece, "posted"), batch.Line(piece, "posted", minutes: 1));
        await Assert.ThrowsAsync<DispatchException>(() => world.ImportAsync(world.WriteRaw("nonsense")));

        var open = await incidents.ListAsync(withClosed: false, default);
        Assert.Equal(["print.duplicate", "receipt.quarantined"], open.Select(incident => incident.Kind));
        Assert.Equal((batch.Name, piece.Row), (open[0].Batch, open[0].Row));
        Assert.StartsWith("file-", open[1].Id, StringComparison.Ordinal);

        foreach (var id in new[] { "99", "file-99", "file-", "1; drop table x" })
        {
            var fault = await Assert.ThrowsAsync<DispatchException>(
                () => incidents.CloseAsync(id, "anna", "why", default));
            Assert.Equal(("incident.unknown", ExitCode.Usage), (fault.Code, fault.Exit));
        }

        foreach (var incident in open)
        {
            Assert.True(await incidents.CloseAsync(incident.Id, "anna", "asked them", default));
            Assert.False(await incidents.CloseAsync(incident.Id, "bo", "again", default));
        }

        Assert.Empty(await incidents.ListAsync(withClosed: false, default));
        Assert.All(
            await incidents.ListAsync(withClosed: true, default),
            incident => Assert.Equal(("anna", "asked them"), (incident.ClosedBy, incident.CloseReason)));
        Assert.Equal(2, await world.Database.QueryAsync<long>(
            "select count(*) from dispatch.events where action = 'incident_close' and actor = 'anna'"));
        Assert.Equal(
            0, (await PaperStatus.ReadAsync(world.Database.DataSource, null, TimeProvider.System, default)).Values
            .Sum(paper => paper.Incidents));
        Assert.Equal(0, await PaperStatus.CountQuarantinedAsync(world.Database.DataSource, default));
        Assert.Equal([], await AuditAsync(world));

        await world.ImportLinesAsync(batch.Line(piece, "posted", minutes: 2));
        Assert.Equal(
            [open[0].Id], (await incidents.ListAsync(withClosed: false, default)).Select(incident => incident.Id));
        Assert.Equal([], await AuditAsync(world));
    }

    static async Task<IEnumerable<string>> AuditAsync(ReceiptWorld world)
    {
        var data = world.Print.Data;
        var audit = await LedgerAudit.RunAsync(
            world.Database.DataSource, null, data.Outbox, data.Receipts, data.Reports, TimeProvider.System, default);
        Assert.All(
            ["I-42", "I-44"], id => Assert.Equal(InvariantState.Ok, audit.Invariants.Single(i => i.Id == id).State));
        return audit.Invariants.Where(i => i.Id is "I-16" or "I-17" or "I-18" or "I-42" or "I-44")
            .SelectMany(i => i.Offenders.Select(o => $"{i.Id} {o}"));
    }
}
