using System.Buffers;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Security;

namespace Dispatch.Worker.Dispatching;

/// <summary>Opens chunks of a spooled list; any number of threads.</summary>
sealed class ListSource(SpooledList list, JobKey key)
{
    public ChunkText Open(JobChunk chunk)
    {
        var sealedBytes = ArrayPool<byte>.Shared.Rent(chunk.SpoolBytes);
        try
        {
            var span = sealedBytes.AsSpan(0, chunk.SpoolBytes);
            list.ReadChunk(chunk.SpoolOffset, span);
            return ChunkText.Open(key, chunk.ChunkNo, span);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(sealedBytes);
        }
    }
}
