using System.Buffers;
using CsvHelper;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Security;

namespace Dispatch.Worker.Dispatching;

/// <summary>The opened text of one chunk of the list, in a pooled buffer.</summary>
sealed class ChunkText : IDisposable
{
    byte[] _bytes;
    readonly int _length;

    ChunkText(byte[] bytes, int length)
    {
        _bytes = bytes;
        _length = length;
    }

    public static ChunkText Open(JobKey key, int chunkNo, ReadOnlySpan<byte> sealedChunk)
    {
        var length = sealedChunk.Length - LetterSeal.TagBytes;
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        key.OpenListChunk(chunkNo, sealedChunk, bytes);
        return new ChunkText(bytes, length);
    }

    /// <summary>A text of one record.</summary>
    public static ChunkText Of(ReadOnlySpan<byte> record)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(record.Length);
        record.CopyTo(bytes);
        return new ChunkText(bytes, record.Length);
    }

    /// <summary>Valid until it is disposed.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

    public CsvReader Read(char separator) => CsvReader.Create(Bytes, ListDialect.Options(separator));

    public void Dispose()
    {
        // The text holds CPR numbers: it does not stay in the pool.
        _bytes.AsSpan(0, _length).Clear();
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }
}
