using System.Buffers;
using System.Runtime.CompilerServices;
using Dispatch.Worker.Commands.Serving;
using Dispatch.Worker.Dispatching;
using Npgsql;

namespace Dispatch.Worker.Tests.Commands;

public sealed class IdleMemoryTests : IDisposable
{
    readonly NpgsqlDataSource _database = NpgsqlDataSource.Create("Host=nowhere");
    readonly OpenJobs _jobs;
    readonly SetTime _time = new();
    readonly IdleMemory _memory;

    public IdleMemoryTests()
    {
        _jobs = new(_database, null!); // no job is opened
        _memory = new(_jobs, _time);
    }

    [Fact]
    public async Task ForgetAsync_NothingWasDone_DoesNot()
    {
        Assert.False(await ForgetsAtAsync(3600));
    }

    [Fact]
    public async Task ForgetAsync_IdleAfterWork_OnceSoonAndOnceLater()
    {
        Work(from: 10, to: 20);

        Assert.False(await ForgetsAtAsync(24.9));
        Assert.True(await ForgetsAtAsync(25));
        Assert.False(await ForgetsAtAsync(94));
        Assert.True(await ForgetsAtAsync(95));
        Assert.False(await ForgetsAtAsync(3600));
    }

    // The pools let go of what an earlier collection found unused, however late that one was.
    [Fact]
    public async Task ForgetAsync_FirstIsLate_OnceMoreLater()
    {
        Work(from: 10, to: 20);

        Assert.True(await ForgetsAtAsync(200));
        Assert.False(await ForgetsAtAsync(269));
        Assert.True(await ForgetsAtAsync(270));
        Assert.False(await ForgetsAtAsync(3600));
    }

    [Fact]
    [Trait("Length", "long")]
    public async Task ForgetAsync_Twice_TakesAnUnusedBufferFromThePool()
    {
        var poolLife = TimeSpan.FromSeconds(65); // by the clock of the runtime
        var buffers = UsedBuffers();
        Work(from: 10, to: 20);

        Assert.True(await ForgetsAtAsync(25));
        Assert.All(buffers, buffer => Assert.True(buffer.IsAlive));
        await Task.Delay(poolLife);
        Assert.True(await ForgetsAtAsync(95));
        Assert.All(buffers, buffer => Assert.False(buffer.IsAlive));
    }

    // Else each shard of a large job would open the job again and begin with cold memory.
    [Fact]
    public async Task ForgetAsync_BetweenTwoShards_DoesNot()
    {
        Work(from: 10, to: 20);
        Assert.False(await ForgetsAtAsync(21));
        Work(from: 22, to: 23);
        Assert.False(await ForgetsAtAsync(26));
        Assert.True(await ForgetsAtAsync(28));
    }

    [Fact]
    public async Task ForgetAsync_OtherWorkIsInHand_DoesNot()
    {
        _memory.BeginWork();
        Work(from: 10, to: 20);

        Assert.False(await ForgetsAtAsync(3600));
        _memory.EndWork();
        Assert.False(await ForgetsAtAsync(3604));
        Assert.True(await ForgetsAtAsync(3605));
    }

    public void Dispose()
    {
        _jobs.Dispose();
        _database.Dispose();
    }

    // The last one given back belongs to the thread, the one before to all.
    [MethodImpl(MethodImplOptions.NoInlining)]
    static WeakReference[] UsedBuffers()
    {
        const int Length = 3 << 20;
        byte[][] buffers = [ArrayPool<byte>.Shared.Rent(Length), ArrayPool<byte>.Shared.Rent(Length)];
        foreach (var buffer in buffers)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return [.. buffers.Select(buffer => new WeakReference(buffer))];
    }

    void Work(int from, int to)
    {
        _time.Seconds = from;
        _memory.BeginWork();
        _time.Seconds = to;
        _memory.EndWork();
    }

    Task<bool> ForgetsAtAsync(double seconds)
    {
        _time.Seconds = seconds;
        return _memory.ForgetAsync(default);
    }

    sealed class SetTime : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => TimeSpan.FromSeconds(Seconds).Ticks;
    }
}
