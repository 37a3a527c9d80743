using Dispatch.Worker.Scheduling;

namespace Dispatch.Worker.Tests.Scheduling;

/// <summary>Workers of one machine share its processors.</summary>
public sealed class ProcessorShareTests : IAsyncLifetime
{
    readonly TestDatabase _database = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData(2, 1, 2)]
    [InlineData(2, 2, 1)]
    [InlineData(2, 4, 1)]
    [InlineData(16, 3, 6)]
    [InlineData(4, 0, 4)] // before its own first beat
    public void Of_SomeWorkers_IsAPartForEachRoundedUp(int processors, int workers, int expected) =>
        Assert.Equal(expected, ProcessorShare.Of(processors, workers));

    [Fact]
    public async Task CountOnAsync_WorkersOfSeveralMachines_CountsThoseHeardOfOnThisOne()
    {
        var nodes = new NodeTable(_database.DataSource);
        foreach (var node in new[]
        {
            "post-2-4711-0a1b2c3d", "post-2-4712-0a1b2c3d", "post-2-9-00000000", "post-1-4711-0a1b2c3d",
            "post-2-x-4711-0a1b2c3d",
        })
        {
            await nodes.BeatAsync(node, Gate.Open, default);
        }

        await _database.ExecuteAsync(
            "update dispatch.nodes set seen_at = seen_at - interval '11 s' where node = 'post-2-9-00000000'"); // killed

        Assert.Equal(2, await nodes.CountOnAsync("post-2", default));
        Assert.Equal(0, await nodes.CountOnAsync("post", default));
    }
}
