using Dispatch.Worker.Commands.Serving;

namespace Dispatch.Worker.Tests.Commands;

public sealed class LastingFaultsTests
{
    [Fact]
    public void IsNews_FaultThatHealedAndReturns_IsToldAgain()
    {
        var faults = new LastingFaults();

        Assert.True(faults.IsNews("north/a", "disk.full"));
        Assert.False(faults.IsNews("north/a", "disk.full"));
        faults.EndRound();
        Assert.False(faults.IsNews("north/a", "disk.full"));
        Assert.True(faults.IsNews("north/b", "disk.full"));
        faults.EndRound();
        Assert.True(faults.IsNews("north/a", "receipt.folder"));
        faults.EndRound();
        faults.EndRound();   // nothing failed
        Assert.True(faults.IsNews("north/a", "receipt.folder"));
    }
}
