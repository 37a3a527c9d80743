using System.ComponentModel.DataAnnotations;

namespace Dispatch.Worker.Diagnostics;

/// <summary>What a job may hold at most. Together they bound the memory a job can take.</summary>
record LimitSettings
{
    /// <summary>Bytes of <c>job.json</c>.</summary>
    [Range(1_024, 16 << 20)]
    public int OrderBytesMax { get; init; } = 1 << 20;

    /// <summary>Bytes of the letter.</summary>
    [Range(1_024, 16 << 20)]
    public int LetterBytesMax { get; init; } = 512 << 10;

    /// <summary>Bytes of one picture.</summary>
    [Range(1_024, 64 << 20)]
    public int AssetBytesMax { get; init; } = 16 << 20;

    /// <summary>Pictures the letter names.</summary>
    [Range(0, 1_000)]
    public int AssetsMax { get; init; } = 100;

    /// <summary>Bytes of all its pictures together.</summary>
    [Range(1_024, 512 << 20)]
    public int AssetsBytesMax { get; init; } = 64 << 20;

    /// <summary>Bytes of the list as it comes.</summary>
    [Range(1.0, 1L << 40)]
    public long ListBytesMax { get; init; } = 8L << 30;

    /// <summary>Rows of the list, header not counted.</summary>
    [Range(1, 100_000_000)]
    public int RowsMax { get; init; } = 20_000_000;

    /// <summary>Bytes of one record as UTF-8, line breaks inside quotes included.</summary>
    [Range(1_024, 64 << 20)]
    public int RecordBytesMax { get; init; } = 16 << 20;

    /// <summary>Columns of the list.</summary>
    [Range(1, 10_000)]
    public int ColumnsMax { get; init; } = 1_000;

    /// <summary>Bytes of a print house's receipt file.</summary>
    [Range(1_024.0, 1L << 36)]
    public long ReceiptBytesMax { get; init; } = 1L << 30;
}
