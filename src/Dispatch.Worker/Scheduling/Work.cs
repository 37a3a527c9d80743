using System.Globalization;

namespace Dispatch.Worker.Scheduling;

/// <summary>Something to start, told by ids alone.</summary>
/// <param name="ShardNo">0 but for shards.</param>
/// <param name="IsSmall">Of a job of one chunk, which does not wait for the large ones.</param>
readonly record struct Work(WorkKind Kind, int JobId, int ShardNo, bool IsSmall)
{
    /// <summary>The same work has the same name: it is scheduled once at a time.</summary>
    public string Name =>
        string.Create(CultureInfo.InvariantCulture, $"{Kind.ToString().ToLowerInvariant()}-{JobId}-{ShardNo}");
}
