using Dispatch.Routing;

namespace Dispatch.Worker.Printing;

/// <summary>What went wrong with some batches while the others went on; the stage ends with it. Any number of threads.
/// </summary>
sealed class PrintFaults
{
    readonly Lock _lock = new();
    readonly List<DispatchException> _faults = [];

    public void Add(DispatchException fault)
    {
        lock (_lock)
        {
            _faults.Add(fault);
        }
    }

    /// <exception cref="DispatchException">The first one that needs a person, or else the one that passes first: of
    /// those nobody knows when, the first there was.</exception>
    public void ThrowIfAny()
    {
        if (_faults.Count > 0)
        {
            throw _faults.Find(fault => !fault.IsTransient) ?? _faults.MinBy(
                fault => fault.RetryAt ?? DateTimeOffset.MinValue)!;
        }
    }
}
