namespace Dispatch.Worker.Diagnostics;

/// <summary>Passes reports on at once and on the reporting thread; <see cref="Progress{T}"/> would post them.</summary>
sealed class ProgressAdder<T>(Action<T> add) : IProgress<T>
{
    readonly Lock _order = new();

    public void Report(T value)
    {
        lock (_order)
        {
            add(value);
        }
    }
}
