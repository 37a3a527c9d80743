using System.Globalization;

namespace Dispatch.Worker.Diagnostics;

/// <summary>One counted stretch of work. Any number of threads add to it; drawing is somebody else's
/// business.</summary>
sealed class Stage
{
    readonly TimeProvider _time;
    readonly long _startedAt;
    long _done;
    long _stoppedAt;

    internal Stage(string name, long total, string unit, TimeProvider time)
    {
        Name = name;
        Total = total;
        Unit = unit;
        _time = time;
        _startedAt = time.GetTimestamp();
    }

    public string Name { get; }

    /// <summary>How much there is to do; 0 = not known.</summary>
    public long Total { get; }

    /// <summary>What is counted: <c>rows</c>, <c>pieces</c> …</summary>
    public string Unit { get; }

    public long Done => Interlocked.Read(ref _done);

    public bool IsFinished => Interlocked.Read(ref _stoppedAt) != 0;

    public TimeSpan Elapsed
    {
        get
        {
            var stoppedAt = Interlocked.Read(ref _stoppedAt);
            return _time.GetElapsedTime(_startedAt, stoppedAt != 0 ? stoppedAt : _time.GetTimestamp());
        }
    }

    /// <summary>Call it once a block, not once a row.</summary>
    public void Add(long count) => Interlocked.Add(ref _done, count);

    public void Finish() => Interlocked.CompareExchange(ref _stoppedAt, Math.Max(1, _time.GetTimestamp()), 0);

    /// <summary>For instance <c>route: 1,200,000 of 5,000,000 rows, 410,000 rows/s, 3,800,000 left, 9 s to
    /// go</c>.</summary>
    public override string ToString()
    {
        var (done, elapsed) = (Done, Elapsed);
        var rate = elapsed > TimeSpan.Zero ? done / elapsed.TotalSeconds : 0;
        var text = string.Create(CultureInfo.InvariantCulture, $"{Name}: {done:N0}");
        text += Total > 0 ? string.Create(CultureInfo.InvariantCulture, $" of {Total:N0} {Unit}") : $" {Unit}";
        text += string.Create(CultureInfo.InvariantCulture, $", {rate:N0} {Unit}/s");
        if (IsFinished)
        {
            return text + string.Create(CultureInfo.InvariantCulture, $", took {elapsed.TotalSeconds:N1} s");
        }

        return Total > 0 && rate > 0
            ? text + string.Create(
                CultureInfo.InvariantCulture,
                $", {Total - done:N0} left, {Math.Max(0, Total - done) / rate:N0} s to go")
            : text;
    }
}
