using Dispatch.Worker.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dispatch.Worker.Tests.Scheduling;

/// <summary>Nodes that look at the same moment do the same; none of them may end of it.</summary>
public sealed class ClusterSchedulerTests : IAsyncLifetime
{
    const int Rounds = 20;

    static readonly Work Shard = new(WorkKind.Shard, JobId: 1, ShardNo: 1, IsSmall: false);

    readonly TestDatabase _database = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task ForgetAsync_SeveralNodesAtOnce_NoneFails()
    {
        await using var a = await OpenAsync("a");
        await using var b = await OpenAsync("b");
        for (var i = 0; i < Rounds; i++)
        {
            await Task.WhenAll(a.EnqueueAsync(Shard, default), b.EnqueueAsync(Shard, default));
            Assert.Equal(1L, await CountAsync());
            await Task.WhenAll(
                a.ForgetAsync(Shard, default), b.ForgetAsync(Shard, default), a.ForgetAsync(Shard, default));
            Assert.Equal(0L, await CountAsync());
        }
    }

    Task<long> CountAsync() => _database.QueryAsync<long>("select count(*) from scheduler.qrtz_triggers");

    Task<ClusterScheduler> OpenAsync(string node) => ClusterScheduler.CreateAsync(
        _database.DataSource, node, shards: 1,
        new WorkHandlers(
            (_, _) => Task.CompletedTask, (_, _, _) => Task.CompletedTask, (_, _) => Task.CompletedTask,
            (_, _) => Task.CompletedTask),
        NullLoggerFactory.Instance, default);
}
