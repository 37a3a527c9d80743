using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Dispatching.Control;
using Dispatch.Worker.Reporting;
using Dispatch.Worker.Scheduling;

namespace Dispatch.Worker.Tests.Dispatching;

/// <summary>A job of chunks of 80, 80 and 40 rows goes out no faster than it may.</summary>
public sealed class JobPaceTests : IAsyncLifetime
{
    readonly TestDatabase _database = new();
    AcceptedJob _job = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _job = await ShardedJob.AddAsync(_database);
        await _database.ExecuteAsync("update dispatch.jobs set drip_per_hour = 80");
    }

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task TakeEach_EightyAnHour_GivesTheNextChunkAfterAnHour()
    {
        Assert.Equal([0], await TakeAsync());
        Assert.Equal([], await TakeAsync(from: 1));
        await PassAsync("59 min 50 s");
        Assert.Equal([], await TakeAsync(from: 1));
        await PassAsync("20 s");
        Assert.Equal([1], await TakeAsync(from: 1));
        Assert.Equal([], await TakeAsync(from: 2));

        // What nobody sent while no worker was there is not made up for.
        await PassAsync("10 hours");
        Assert.Equal([2], await TakeAsync(from: 2));
        Assert.Equal([], await TakeAsync(from: 2));
    }

    [Fact]
    public async Task TakeEach_ManyAtOnce_OneHasTheTurn()
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TakeAsync()));

        Assert.Equal([0], taken.SelectMany(chunks => chunks));
    }

    [Fact]
    public async Task TakeEach_SomebodyWaits_GivesAllInTime()
    {
        await _database.ExecuteAsync("update dispatch.jobs set drip_per_hour = 360000000");   // a chunk in 0.8 ms

        Assert.Equal([0, 1, 2], await TakeAsync(patience: TimeSpan.MaxValue));
        Assert.Equal(40, await _database.QueryAsync<int>("select paced_rows from dispatch.jobs"));
    }

    [Fact]
    public async Task SetAsync_LimitOfAnOperator_CountsFromThenOnAndIsOnRecordOnce()
    {
        await _database.ExecuteAsync("update dispatch.jobs set drip_per_hour = null");
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(("running", 40, 80), await RateAsync(40));
        }

        Assert.Equal([], await TakeAsync());   // as if a chunk had gone out just now
        Assert.Equal(("running", 4_000, 80), await RateAsync(4_000));
        await PassAsync("73 s");
        Assert.Equal([0], await TakeAsync());
        Assert.Equal(("running", null, 80), await RateAsync(null));
        Assert.Equal([1, 2], await TakeAsync(from: 1));
        Assert.Equal(
            "40 an hour: slow|4000 an hour: slow|none: slow",
            await _database.QueryAsync<string>(
                "select string_agg(detail, '|' order by event_no) from dispatch.events where action = 'rate'"));
    }

    [Fact]
    public async Task SetAsync_SenderAskedForLess_KeepsTheLowerOfTheTwo()
    {
        Assert.Equal(("running", 80, 80), await RateAsync(1_000));
        Assert.Equal(("running", 10, 80), await RateAsync(10));
        Assert.Equal([0], await TakeAsync());   // nothing went out under either yet

        await _database.ExecuteAsync("update dispatch.jobs set state = 'completed'");
        var fault = await Assert.ThrowsAsync<DispatchException>(() => RateAsync(10));
        Assert.Equal(("job.closed", ExitCode.Usage), (fault.Code, fault.Exit));
    }

    [Fact]
    public async Task OpenWork_BetweenTurns_IsNoneAndThenOneShard()
    {
        Assert.Equal([0], await ShardsAsync());
        await TakeAsync();
        Assert.Equal([], await ShardsAsync());
        await PassAsync("1 hour");
        Assert.Equal([0], await ShardsAsync());
        await _database.ExecuteAsync("update dispatch.chunks set state = 'done' where chunk_no < 2");
        Assert.Equal([1], await ShardsAsync());
    }

    [Fact]
    public async Task FindAsync_BetweenTurns_TellsTheNextAndTheLast()
    {
        await TakeAsync();
        await _database.ExecuteAsync("update dispatch.chunks set state = 'done' where chunk_no = 0");

        var job = await JobStatus.FindAsync(_database.DataSource, _job.JobId, default);

        Assert.Equal("its turn, at 80 letters an hour", job.WaitsFor);
        var turn = await _database.QueryAsync<DateTime>("select paced_at + interval '1 hour' from dispatch.jobs");
        Assert.Equal((turn, turn.AddHours(1), 80), (job.WaitsUntil, job.ForecastEnd, job.PerHour));
        await _database.ExecuteAsync("update dispatch.jobs set state = 'paused'");
        Assert.Null((await JobStatus.FindAsync(_database.DataSource, _job.JobId, default)).ForecastEnd);
    }

    Task PassAsync(string time) =>
        _database.ExecuteAsync($"update dispatch.jobs set paced_at = paced_at - interval '{time}'");

    async Task<(string, int?, int)> RateAsync(int? perHour)
    {
        var rate = await JobRate.SetAsync(_database.DataSource, _job.JobId, perHour, "anna", "slow", default);
        return (rate.State, rate.Pace, rate.ChunkRows);
    }

    async Task<List<int>> ShardsAsync() =>
        [.. (await OpenWork.ReadAsync(_database.DataSource, default)).Select(work => work.ShardNo)];

    Task<List<int>> TakeAsync(int from = 0, TimeSpan patience = default) =>
        ShardedJob.TakeAsync(_database, _job, new(from, 2), patience: patience);
}
