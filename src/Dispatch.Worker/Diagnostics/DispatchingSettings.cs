using System.ComponentModel.DataAnnotations;

namespace Dispatch.Worker.Diagnostics;

/// <summary>Size of the pipeline.</summary>
sealed record DispatchingSettings
{
    /// <summary>Rows in a chunk, the unit that commits at once.</summary>
    [Range(100, 65_536)]
    public int ChunkRows { get; init; } = 16_384;

    /// <summary>Chunks routed at the same time; 0 = one for each processor.</summary>
    [Range(0, 256)]
    public int Routers { get; init; }

    /// <summary>Database connections that write chunks at the same time.</summary>
    [Range(1, 64)]
    public int Writers { get; init; } = 3;

    /// <summary>Chunks in a shard, which one worker takes at once.</summary>
    [Range(1, 1_000)]
    public int ShardChunks { get; init; } = 16;

    /// <summary>Threads that route.</summary>
    public int CountRouters() => Routers > 0 ? Routers : Environment.ProcessorCount;
}
