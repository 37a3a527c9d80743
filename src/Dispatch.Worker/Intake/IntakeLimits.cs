using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Intake;

/// <summary>What a job folder may hold at most, and how its list is cut. Together they bound intake's memory: no file
/// needs more than two records and a chunk.</summary>
sealed record IntakeLimits : LimitSettings
{
    const int MinutesAnHour = 60;
    const int HoursAYear = 365 * 24;

    public IntakeLimits()
    {
    }

    public IntakeLimits(LimitSettings settings)
        : base(settings)
    {
    }

    /// <summary>Rows of a chunk, the unit that commits at once.</summary>
    public int ChunkRows { get; init; } = new DispatchingSettings().ChunkRows;

    /// <summary>Bytes of a chunk's text; a record longer than this is a chunk of its own.</summary>
    public int ChunkBytes { get; init; } = 4 << 20;

    /// <summary>Bytes read at a time.</summary>
    public int BlockBytes { get; init; } = 256 << 10;

    /// <summary>For a job that goes out slowly: in chunks of a minute's letters, one at least, and within a year. Both bound
    /// the number of chunks.</summary>
    public IntakeLimits For(int? dripPerHour) => dripPerHour is not { } perHour
        ? this
        : this with
        {
            ChunkRows = Math.Clamp(perHour / MinutesAnHour, 1, ChunkRows),
            RowsMax = (int)Math.Min(RowsMax, (long)perHour * HoursAYear),
        };
}
