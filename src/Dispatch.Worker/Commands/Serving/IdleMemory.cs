using System.Runtime;
using Dispatch.Worker.Dispatching;

namespace Dispatch.Worker.Commands.Serving;

/// <summary>
/// Takes what a worker has sent out of its memory when there is nothing more to do: .NET's strings cannot be wiped, but
/// memory that is given back to the system comes again as zeros. What a thief of a dump finds is then what was in hand.
/// </summary>
sealed class IdleMemory(OpenJobs jobs, TimeProvider time)
{
    // By then the runtime's pools let go of buffers that nobody used meanwhile, at the next collection.
    static readonly TimeSpan PoolLife = TimeSpan.FromSeconds(70);

    int _hasWorked;
    bool _isAgainDue;
    long _forgotAt;

    /// <summary>There may be something to forget.</summary>
    public void NoteWork() => Volatile.Write(ref _hasWorked, 1);

    /// <summary>Once after work and once more later, and not while there is some: it stops every thread for as long as
    /// it takes.</summary>
    public async Task ForgetAsync(CancellationToken ct)
    {
        var hasWorked = Interlocked.Exchange(ref _hasWorked, 0) == 1;
        if (!hasWorked && (!_isAgainDue || time.GetElapsedTime(_forgotAt) < PoolLife))
        {
            return;
        }

        await jobs.CloseIdleAsync(ct);
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        (_isAgainDue, _forgotAt) = (hasWorked, time.GetTimestamp());
    }
}
