using System.ComponentModel.DataAnnotations;

namespace Dispatch.Worker.Intake;

/// <summary>What a job folder may hold at most, and how its list is cut. Together they bound intake's memory: no file
/// needs more than two records and a chunk.</summary>
sealed record IntakeLimits
{
    /// <summary>Bytes of <c>job.json</c>.</summary>
    [Range(1_024, 16 << 20)]
    public int OrderBytesMax { get; init; } = 1 << 20;

    /// <summary>Bytes of the letter.</summary>
    [Range(1_024, 16 << 20)]
    public int LetterBytesMax { get; init; } = 4 << 20;

    /// <summary>Bytes of one picture.</summary>
    [Range(1_024, 64 << 20)]
    public int AssetBytesMax { get; init; } = 16 << 20;

    /// <summary>Bytes of the list as it comes.</summary>
    [Range(1.0, 1L << 40)]
    public long ListBytesMax { get; init; } = 8L << 30;

    /// <summary>Rows of the list.</summary>
    [Range(1, 100_000_000)]
    public int RowsMax { get; init; } = 20_000_000;

    /// <summary>Bytes of one record as UTF-8, line breaks inside quotes included.</summary>
    [Range(1_024, 64 << 20)]
    public int RecordBytesMax { get; init; } = 16 << 20;

    /// <summary>Columns of the header.</summary>
    [Range(1, 10_000)]
    public int ColumnsMax { get; init; } = 1_000;

    /// <summary>Rows of a chunk, the unit that commits at once.</summary>
    [Range(1, 65_536)]
    public int ChunkRows { get; init; } = 16_384;

    /// <summary>Bytes of a chunk's text; a record longer than this is a chunk of its own.</summary>
    [Range(1_024, 64 << 20)]
    public int ChunkBytes { get; init; } = 4 << 20;

    /// <summary>Bytes read at a time.</summary>
    [Range(16, 4 << 20)]
    public int BlockBytes { get; init; } = 256 << 10;
}
