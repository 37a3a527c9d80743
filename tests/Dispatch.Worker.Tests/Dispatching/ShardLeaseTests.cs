using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Dispatching;
using Npgsql;

namespace Dispatch.Worker.Tests.Dispatching;

/// <summary>Who may take a shard and its chunks, and who may no longer.</summary>
public sealed class ShardLeaseTests : IAsyncLifetime
{
    static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    static readonly TimeSpan Short = TimeSpan.FromSeconds(3);

    readonly TestDatabase _database = new();
    AcceptedJob _job = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _job = await ShardedJob.AddAsync(_database);
    }

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task TryTake_HeldByAnother_IsRefusedUntilGivenBack()
    {
        await using (var one = await TakeAsync("a/1", Long))
        {
            Assert.NotNull(one);
            Assert.Null(await TakeAsync("a/2", Long));   // not even the same node, twice
        }

        await using var next = await TakeAsync("b/1", Long);
        Assert.Equal(new ChunkRange(0, 1), next!.Chunks);
    }

    [Theory]
    [InlineData("4 min", false)]
    [InlineData("3 hours", true)]
    public async Task TryTake_EndsLaterThanALeaseCan_IsNotWaitedFor(string ahead, bool isTaken)
    {
        await _database.ExecuteAsync(
            $"update dispatch.shards set holder = 'a/1', lease_until = clock_timestamp() + interval '{ahead}'");

        await using var taken = await TakeAsync("b/1", Long);

        Assert.Equal(isTaken, taken is not null);
    }

    [Fact]
    public async Task Lost_TakenByAnotherMeanwhile_IsToldAndTakesNoChunk()
    {
        await using var frozen = await TakeAsync("a/1", Short);
        Assert.Equal([0, 1], await ChunksAsync("a/1"));
        await _database.ExecuteAsync(
            "update dispatch.shards set holder = 'b/1', lease_until = now() + interval '1 hour'");

        var lost = new TaskCompletionSource();
        await using var told = frozen!.Lost.Register(() => lost.TrySetResult());
        await lost.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal([], await ChunksAsync("a/1"));
        Assert.Equal([0, 1], await ChunksAsync("b/1"));
        // Each taking raised the epoch: what the first one took it cannot commit.
        Assert.Equal(2, await _database.QueryAsync<int>("select max(epoch) from dispatch.chunks"));
    }

    // The row had come already when the server died: a lease of nobody was renewed for ever.
    [Fact]
    public async Task TryTake_FailsAtItsVeryEnd_LeavesNobodyWhoRenews()
    {
        await _database.ExecuteAsync("""
            create function public.fail() returns trigger language plpgsql as $$ begin raise 'at commit'; end $$;
            create constraint trigger fail after update on dispatch.shards deferrable initially deferred
            for each row execute function public.fail()
            """);
        await Assert.ThrowsAsync<PostgresException>(() => TakeAsync("a/1", Short));
        await _database.ExecuteAsync("""
            drop trigger fail on dispatch.shards;
            update dispatch.shards set holder = 'a/1', lease_until = clock_timestamp() + interval '3 s'
            """);
        const string Until = "select lease_until::text from dispatch.shards";
        var until = await _database.QueryAsync<string>(Until);

        await Task.Delay(Short / 2);

        Assert.Equal(until, await _database.QueryAsync<string>(Until));
    }

    [Fact]
    public async Task TakeEach_JobIsPausedMeanwhile_EndsAtTheNextChunk()
    {
        var taken = await ShardedJob.TakeAsync(
            _database, _job, ChunkRange.All(_job),
            onTaken: () => _database.ExecuteAsync("update dispatch.jobs set state = 'paused'"));

        Assert.Equal([0], taken);
    }

    [Fact]
    public async Task JobLock_WorkersTakePart_KeepsCommandsOutAndHasOneSteward()
    {
        await using var part = await JobLock.TryShareAsync(_database.DataSource, _job.JobId, default);
        await using var other = await JobLock.TryShareAsync(_database.DataSource, _job.JobId, default);
        await using var steward = await JobLock.TryStewardAsync(_database.DataSource, _job.JobId, default);
        Assert.NotNull(part);
        Assert.NotNull(other);
        Assert.NotNull(steward);
        Assert.Null(await JobLock.TryStewardAsync(_database.DataSource, _job.JobId, default));

        await part.DisposeAsync();
        await other.DisposeAsync();
        await steward.DisposeAsync();
        await using var command = await JobLock.AcquireAsync(
            _database.DataSource, _job.JobId, TimeProvider.System, default);
        Assert.Null(await JobLock.TryShareAsync(_database.DataSource, _job.JobId, default));
        Assert.Null(await JobLock.TryStewardAsync(_database.DataSource, _job.JobId, default));
    }

    Task<ShardLease?> TakeAsync(string holder, TimeSpan length) =>
        ShardLease.TryTakeAsync(_database.DataSource, TimeProvider.System, _job.JobId, 0, holder, length, default);

    Task<List<int>> ChunksAsync(string holder) => ShardedJob.TakeAsync(_database, _job, new(0, 1), holder);
}
