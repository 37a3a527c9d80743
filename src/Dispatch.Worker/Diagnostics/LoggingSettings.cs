using System.ComponentModel.DataAnnotations;

namespace Dispatch.Worker.Diagnostics;

/// <summary>How much is logged, to <c>DATA/logs/</c>.</summary>
sealed record LoggingSettings
{
    /// <summary><c>Debug</c>, <c>Information</c>, <c>Warning</c> or <c>Error</c>.</summary>
    [AllowedValues("Debug", "Information", "Warning", "Error")]
    public string Level { get; init; } = "Information";

    /// <summary>Bytes of one log file; the next one is begun when it is full.</summary>
    [Range(1L << 20, (double)(1L << 33))]
    public long FileBytesMax { get; init; } = 100L << 20;

    /// <summary>Log files kept of each process that is at work at the same time.</summary>
    [Range(1, 10_000)]
    public int FilesMax { get; init; } = 31;
}
