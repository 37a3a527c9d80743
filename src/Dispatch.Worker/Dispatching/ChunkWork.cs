using Dispatch.Worker.Database.Jobs;

namespace Dispatch.Worker.Dispatching;

/// <summary>A chunk somebody has taken to work on.</summary>
/// <param name="Chunk">What never changes of it.</param>
/// <param name="Duplicates">Row numbers, ascending, that the planning pass found to repeat an earlier row.</param>
/// <param name="Epoch">Under which it was taken: the commit demands that it still holds.</param>
sealed record ChunkWork(JobChunk Chunk, int[] Duplicates, int Epoch)
{
    /// <summary>When it was taken, by the process's own clock; for metrics only.</summary>
    public long TakenAt { get; init; }

    public int FirstRow => Chunk.FirstRow;
}
