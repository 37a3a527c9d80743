namespace Dispatch.Worker.Diagnostics;

/// <summary>What this process has committed since it was started, for the metrics.</summary>
sealed class ChunkMeter
{
    readonly Lock _lock = new();
    readonly long[] _chunks = new long[Bounds.Length + 1];
    double _seconds;
    long _digital;
    long _paper;
    long _held;
    long _refused;

    /// <summary>Upper ends of the classes of chunk times, in seconds; the last class has none.</summary>
    public static ReadOnlySpan<double> Bounds => [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    /// <param name="time">From when the chunk was taken until it was committed.</param>
    public void Add(TimeSpan time, int digital, int paper, int held, int refused)
    {
        var seconds = time.TotalSeconds;
        var at = 0;
        while (at < Bounds.Length && seconds > Bounds[at])
        {
            at++;
        }

        lock (_lock)
        {
            _chunks[at]++;
            _seconds += seconds;
            _digital += digital;
            _paper += paper;
            _held += held;
            _refused += refused;
        }
    }

    public ChunkFigures Read()
    {
        lock (_lock)
        {
            return new([.. _chunks], _seconds, _digital, _paper, _held, _refused);
        }
    }
}
