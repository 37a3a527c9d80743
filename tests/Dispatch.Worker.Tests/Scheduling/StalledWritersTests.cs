using Dispatch.Worker.Scheduling;
using Npgsql;

namespace Dispatch.Worker.Tests.Scheduling;

/// <summary>A session that froze while it writes, and that others wait for, is ended; no other one is.</summary>
public sealed class StalledWritersTests : IAsyncLifetime
{
    const string Note = "insert into dispatch.events (actor, action, detail) values ('a', 'test', '')";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    readonly TestDatabase _database = new();
    readonly ManualTime _time = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task EndAsync_FrozenInACopy_IsEndedAfterItsPatience()
    {
        await using var frozen = await OpenAsync();
        await using var transaction = await frozen.BeginTransactionAsync();
        await RunAsync(frozen, Note);
        await frozen.BeginTextImportAsync("copy dispatch.refused from stdin"); // and says nothing more
        await using var other = await OpenAsync();
        var writers = new StalledWriters(_database.DataSource, _time, Patience);
        Assert.Equal(0, await writers.EndAsync(default)); // seen for the first time
        _time.Pass(Patience / 2);
        await GiveUpAsync(other, frozen);
        Assert.Equal(0, await writers.EndAsync(default));
        _time.Pass(Patience / 2);
        Assert.Equal(0, await writers.EndAsync(default)); // nobody waits

        var waiting = RunAsync(other, Note);
        await WaitedForAsync(frozen);
        Assert.Equal(1, await writers.EndAsync(default));

        await waiting;
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => transaction.CommitAsync());
        Assert.Equal(1L, await CountNotesAsync());
        Assert.Equal(0, await writers.EndAsync(default));
    }

    // The second has the trail: the note of the first one's end waits for it, and that is how it is found.
    [Fact(Timeout = 60_000)]
    public async Task EndAsync_AnotherThatFrozeHoldsTheTrail_BothAreEndedAndNoted()
    {
        await using var first = await OpenAsync();
        await using var held = await first.BeginTransactionAsync();
        await RunAsync(first, "lock table dispatch.refused in row exclusive mode; select pg_advisory_xact_lock(1)");
        await using var second = await OpenAsync();
        await using var next = await second.BeginTransactionAsync();
        await RunAsync(second, Note);
        await using var other = await OpenAsync();
        var waiting = RunAsync(other, "select pg_advisory_lock(1)");
        await WaitedForAsync(first);
        var writers = new StalledWriters(_database.DataSource, _time, Patience);

        Assert.Equal(0, await writers.EndAsync(default));
        _time.Pass(Patience);
        Assert.Equal(1, await writers.EndAsync(default));
        await waiting;
        await WaitedForAsync(second);
        Assert.Equal(1, await writers.EndAsync(default)); // it stood still all the time

        await writers.FinishAsync(default);
        Assert.Equal(2L, await _database.QueryAsync<long>(
            "select count(*) from dispatch.events where action = 'end_session' and detail like '1 of ours%'"));
        Assert.Equal(0L, await CountNotesAsync());
    }

    [Fact]
    public async Task EndAsync_SlowOne_IsLeftAlone()
    {
        await using var slow = await OpenAsync();
        await using var transaction = await slow.BeginTransactionAsync();
        await RunAsync(slow, Note);
        await using var other = await OpenAsync();
        var waiting = RunAsync(other, Note);
        await WaitedForAsync(slow);
        var writers = new StalledWriters(_database.DataSource, _time, Patience);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(0, await writers.EndAsync(default));
            _time.Pass(Patience);
            await RunAsync(slow, "select 1"); // it is alive
        }

        await transaction.CommitAsync();
        await waiting;
        Assert.Equal(2L, await CountNotesAsync());
    }

    // An import computes for minutes between two statements; another one waits for it, and does so rightly.
    [Fact]
    public async Task EndAsync_ImportThatOthersWaitFor_IsLeftAlone()
    {
        await using var import = await OpenAsync();
        await using var transaction = await import.BeginTransactionAsync();
        await RunAsync(import, "select register.lock_import()");
        await using var other = await OpenAsync();
        var waiting = RunAsync(other, "select register.lock_import()");
        await WaitedForAsync(import);

        var writers = new StalledWriters(_database.DataSource, _time, TimeSpan.Zero);
        Assert.Equal(0, await writers.EndAsync(default));
        Assert.Equal(0, await writers.EndAsync(default));

        await transaction.CommitAsync();
        await waiting;
    }

    // As a shard whose lease ran out meanwhile.
    async Task GiveUpAsync(NpgsqlConnection other, NpgsqlConnection waitedFor)
    {
        using var lost = new CancellationTokenSource();
        await using var command = new NpgsqlCommand(Note, other);
        var waiting = command.ExecuteNonQueryAsync(lost.Token);
        await WaitedForAsync(waitedFor);
        await lost.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    async Task<NpgsqlConnection> OpenAsync() => await _database.DataSource.OpenConnectionAsync();

    async Task WaitedForAsync(NpgsqlConnection session)
    {
        while (!await _database.QueryAsync<bool>(
            $"select exists (select from pg_stat_activity where {session.ProcessID} = any(pg_blocking_pids(pid)))"))
        {
            await Task.Yield();
        }
    }

    Task<long> CountNotesAsync() =>
        _database.QueryAsync<long>("select count(*) from dispatch.events where action = 'test'");

    static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    sealed class ManualTime : TimeProvider
    {
        TimeSpan _passed;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _passed.Ticks;

        public void Pass(TimeSpan time) => _passed += time;
    }
}
