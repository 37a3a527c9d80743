using Dispatch.Worker.Database.Jobs;

namespace Dispatch.Worker.Dispatching;

/// <summary>Chunks of a job, by their numbers.</summary>
/// <param name="Last">Itself one of them.</param>
readonly record struct ChunkRange(int First, int Last)
{
    public static ChunkRange All(AcceptedJob job) => new(0, job.Chunks.Count - 1);
}
