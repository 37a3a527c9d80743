using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Reporting;

namespace Dispatch.Worker.Tests.Reporting;

public sealed class JobStatusTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    readonly LedgerSeed _ledger = new(database.Owner);
    int _job;

    public async Task InitializeAsync()
    {
        await _ledger.ClearAsync();
        _job = await _ledger.AddCompletedJobAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task FindAsync_CompletedJob_TellsWhatIsDoneAndWhatIsHeld()
    {
        var job = await FindAsync();

        Assert.Equal(
            ("completed", 200L, 200L, 8L, 2, 2, false),
            (job.State, job.Rows, job.Decided, job.Held, job.Batches, job.BatchesHandedOff, job.IsLive));
        Assert.Equal($"an operator: 8 rows are held; dispatch held list {_job}", job.WaitsFor);
        Assert.Null(job.WaitsUntil);
    }

    [Fact]
    public async Task FindAsync_RunningJobUnderLock_IsLive()
    {
        await _ledger.ExecuteAsync(
            $"update dispatch.jobs set state = 'running' where job_id = {_job};"
            + $" update dispatch.chunks set state = 'open' where job_id = {_job} and chunk_no = 2");

        Assert.Equal("a process to see it through: dispatch run, or a worker", (await FindAsync()).WaitsFor);

        await using (await JobLock.AcquireAsync(database.DataSource, _job, TimeProvider.System, default))
        {
            var job = await FindAsync();
            Assert.True(job.IsLive);
            Assert.Null(job.WaitsFor);
            Assert.Equal(160, job.Decided);
        }
    }

    [Fact]
    public async Task FindAsync_HeldJob_TellsHowManyRowsWouldBeRefused()
    {
        await _ledger.ExecuteAsync($$"""
            update dispatch.jobs set state = 'held', planned = '{"digital.enrolled": 100, "refused.cpr.date": 60,
                "refused.duplicate": 40}' where job_id = {{_job}}
            """);

        Assert.StartsWith("a decision: 100 of 200 rows", (await FindAsync()).WaitsFor, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_PausedJob_TellsWhy()
    {
        await _ledger.ExecuteAsync($"""
            update dispatch.jobs set state = 'paused', pause_reason = 'wrong crest' where job_id = {_job}
            """);

        Assert.Equal($"an operator (wrong crest): dispatch resume {_job}", (await FindAsync()).WaitsFor);
    }

    [Fact]
    public async Task ListAsync_Jobs_NewestFirst()
    {
        var other = await _ledger.AddCompletedJobAsync("other");

        Assert.Equal(
            [$"{other}", $"{_job}"], (await JobStatus.ListAsync(database.DataSource, default)).Select(job => job.Id));
    }

    [Fact]
    public async Task FindAsync_UnknownJob_IsRefused() =>
        Assert.Equal("job.unknown", (await Assert.ThrowsAsync<DispatchException>(
            () => JobStatus.FindAsync(database.DataSource, 999, default))).Code);

    Task<JobStatus> FindAsync() => JobStatus.FindAsync(database.DataSource, _job, default);
}
