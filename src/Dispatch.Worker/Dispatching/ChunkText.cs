using System.Buffers;
using CsvHelper;
using Dispatch.Worker.Security;

namespace Dispatch.Worker.Dispatching;

/// <summary>The opened text of one chunk of the list, in a pooled buffer.</summary>
sealed class ChunkText : IDisposable
{
    // One empty line in front, which the reader skips: a record that happens to start with U+FEFF must not lose it as a
    // byte order mark.
    const int LeadBytes = 1;

    byte[] _bytes;
    readonly int _length;

    ChunkText(byte[] bytes, int length)
    {
        _bytes = bytes;
        _length = length;
    }

    public static ChunkText Open(JobKey key, int chunkNo, ReadOnlySpan<byte> sealedChunk)
    {
        var length = sealedChunk.Length - LetterSeal.TagBytes + LeadBytes;
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        bytes[0] = (byte)'\n';
        key.OpenListChunk(chunkNo, sealedChunk, bytes.AsSpan(LeadBytes));
        return new ChunkText(bytes, length);
    }

    public CsvReader Read(char separator) => CsvReader.Create(_bytes.AsMemory(0, _length), new CsvReaderOptions
    {
        HasHeader = false,
        Separator = separator,
        DetectSeparatorHint = false,
        MalformedData = CsvMalformedDataHandling.Throw,
        FieldCountMismatch = CsvFieldCountHandling.Allow,
        IncludeValuesInExceptions = false,
    });

    public void Dispose()
    {
        // The text holds CPR numbers: it does not stay in the pool.
        _bytes.AsSpan(0, _length).Clear();
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }
}
