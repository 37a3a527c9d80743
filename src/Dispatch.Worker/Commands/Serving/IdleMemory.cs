using System.Runtime;
using Dispatch.Worker.Dispatching;

namespace Dispatch.Worker.Commands.Serving;

/// <summary>
/// Takes what a worker has sent out of its memory when there is nothing more to do: .NET's strings cannot be wiped, but
/// memory that is given back to the system comes again as zeros. What a thief of a dump finds is then what was in hand.
/// </summary>
sealed class IdleMemory(OpenJobs jobs)
{
    int _hasWorked;

    /// <summary>There may be something to forget.</summary>
    public void NoteWork() => Volatile.Write(ref _hasWorked, 1);

    /// <summary>Once after work, and not while there is some: it stops every thread for as long as it takes.</summary>
    public async Task ForgetAsync(CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _hasWorked, 0) == 0)
        {
            return;
        }

        await jobs.CloseIdleAsync(ct);
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
