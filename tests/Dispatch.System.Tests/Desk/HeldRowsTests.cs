using Dispatch.System.Tests.Oracle.World;

namespace Dispatch.System.Tests.Desk;

/// <summary>Held rows vanish only by somebody's hand, into exactly one other effect.</summary>
[Collection(DeskCollection.Name)]
public sealed class HeldRowsTests(DeskFixture desk)
{
    [Fact]
    public async Task HeldList_RowsWithoutAddress_NamesThemWithReasons()
    {
        var job = desk.Job([desk.Enrolled[0].Cpr, desk.WithoutAddress.Cpr, desk.UnderThreat.Cpr]);
        (await job.RunAsync()).Expect(3);

        var listed = (await desk.Site.RunAsync("held", "list", job.Key)).Expect(0);

        Assert.Contains("address.missing", listed.Output, StringComparison.Ordinal);
        Assert.Contains("address.unsafe", listed.Output, StringComparison.Ordinal);
        var view = await desk.Site.QueryAsync(
            "select row_no, reason from ops.held where job_id = $1 order by row_no",
            await desk.Site.JobIdAsync(job.Key));
        Assert.Equal(["2 address.missing", "3 address.unsafe"], view.Select(r => string.Join(' ', r)));
    }

    [Fact]
    public async Task HeldRelease_AddressFoundSince_BecomesOnePieceInABatch()
    {
        var job = desk.Job([desk.Enrolled[0].Cpr, desk.WithoutAddress.Cpr]);
        (await job.RunAsync()).Expect(3);
        Assert.Equal("1 digital enrolled, 2 held address.missing", await job.EffectsAsync());

        (await desk.Site.RunAsync("held", "release", job.Key, "--row", "2")).Expect(0, 3);
        Assert.Equal("1 digital enrolled, 2 held address.missing", await job.EffectsAsync());

        await desk.ImportAsync(Addresses.StreetOnly(desk.WithoutAddress));
        (await desk.Site.RunAsync("held", "release", job.Key, "--row", "2")).Expect(0);
        (await desk.Site.RunAsync("held", "release", job.Key, "--row", "2")).Expect(0, 65);
        (await job.RunAsync()).Expect(0);
        await desk.ImportAsync(desk.WithoutAddress);

        Assert.Equal("1 digital enrolled, 2 paper exempt", await job.EffectsAsync());
        Assert.Single(Assert.Single(job.Batches()).Manifest);
    }

    [Fact]
    public async Task HeldRefuse_HeldRow_BecomesRefused()
    {
        var job = desk.Job([desk.Enrolled[0].Cpr, desk.WithoutAddress.Cpr]);
        (await job.RunAsync()).Expect(3);

        (await desk.Site.RunAsync("held", "refuse", job.Key, "--row", "2", "--reason", "no address found")).Expect(0);

        var effects = await job.EffectsAsync();
        Assert.StartsWith("1 digital enrolled, 2 refused ", effects, StringComparison.Ordinal);
        Assert.Equal(2, await job.EffectCountAsync());
    }

    [Fact]
    public async Task HeldRelease_UnsafeAddressByOneOperator_StaysHeld()
    {
        var job = desk.Job([desk.UnderThreat.Cpr]);
        (await job.RunAsync()).Expect(3);

        await desk.Site.RunAsync("held", "release", job.Key, "--row", "1");
        await desk.Site.RunAsync("held", "release", job.Key, "--row", "1");

        Assert.Equal("1 held address.unsafe", await job.EffectsAsync());
    }
}
