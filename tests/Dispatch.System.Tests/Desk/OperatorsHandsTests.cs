namespace Dispatch.System.Tests.Desk;

/// <summary>Jobs that go on, or do not, by an operator's hand: approve, pause, resume.</summary>
[Collection(DeskCollection.Name)]
public sealed class OperatorsHandsTests(DeskFixture desk)
{
    [Fact]
    public async Task Run_ApprovalRequired_WaitsForIt()
    {
        var job = desk.Job([desk.Enrolled[0].Cpr], o => o with { Approval = "required" });

        (await job.RunAsync()).Expect(75);
        Assert.Equal("awaiting_approval", await job.StateAsync());
        Assert.Equal(0, await job.EffectCountAsync());

        (await desk.Site.RunAsync("approve", job.Key)).Expect(0);
        (await desk.Site.RunAsync("approve", job.Key)).Expect(0);
        (await job.RunAsync()).Expect(0);
        Assert.Equal("1 digital enrolled", await job.EffectsAsync());
    }

    [Fact]
    public async Task Pause_WaitingJob_HoldsItUntilResume()
    {
        var job = desk.Job([desk.Enrolled[0].Cpr]);
        (await desk.Site.RunAsync("submit", job.Folder)).Expect(0);

        (await desk.Site.RunAsync("pause", job.Key, "--reason", "a question")).Expect(0);
        (await job.RunAsync()).Expect(75);
        Assert.Equal("paused", await job.StateAsync());
        Assert.Equal(0, await job.EffectCountAsync());

        (await desk.Site.RunAsync("resume", job.Key)).Expect(0);
        (await job.RunAsync()).Expect(0);
        Assert.Equal("1 digital enrolled", await job.EffectsAsync());
    }
}
