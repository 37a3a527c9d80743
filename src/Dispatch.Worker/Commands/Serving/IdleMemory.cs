using System.Runtime;
using Dispatch.Worker.Dispatching;

namespace Dispatch.Worker.Commands.Serving;

/// <summary>
/// Takes what a worker has sent out of its memory when there is nothing more to do: .NET's strings cannot be wiped, but
/// memory that is given back to the system comes again as zeros. What a thief of a dump finds is then what was in hand.
/// </summary>
sealed class IdleMemory(OpenJobs jobs, TimeProvider time)
{
    // Two shards of a job are less apart: to forget between them would take the job and its memory from the next one.
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    // By then the runtime's pools let go of buffers that an earlier collection found and nobody used since.
    static readonly TimeSpan PoolLife = TimeSpan.FromSeconds(70);

    int _inHand;
    long _workedAt;
    (long WorkedAt, int Times, long At) _forgot = (0, int.MaxValue, 0); // before any work there is nothing

    /// <summary>Some work is taken in hand.</summary>
    public void BeginWork() => Interlocked.Increment(ref _inHand);

    /// <summary>Work begun is over: there may be something to forget.</summary>
    public void EndWork()
    {
        Volatile.Write(ref _workedAt, time.GetTimestamp());
        Interlocked.Decrement(ref _inHand);
    }

    /// <summary>Called again and again, it forgets some seconds after the last work and once more later. That stops
    /// every thread for as long as it takes.</summary>
    /// <returns>Whether it forgot now.</returns>
    public async Task<bool> ForgetAsync(CancellationToken ct)
    {
        if (Volatile.Read(ref _inHand) > 0) // before the time is read: work that ends in between is then new
        {
            return false;
        }

        var workedAt = Volatile.Read(ref _workedAt);
        var times = _forgot.WorkedAt == workedAt ? _forgot.Times : 0;
        var isDue = times switch
        {
            0 => time.GetElapsedTime(workedAt) >= Pause,
            1 => time.GetElapsedTime(_forgot.At) >= PoolLife,
            _ => false,
        };
        if (!isDue)
        {
            return false;
        }

        await jobs.CloseIdleAsync(ct);
        GC.Collect();
        GC.WaitForPendingFinalizers(); // in them the pools let go, so that only the next collection frees it
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _forgot = (workedAt, times + 1, time.GetTimestamp());
        return true;
    }
}
