using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Dispatch.Worker.Database;

/// <summary>
/// Rows in PostgreSQL's binary COPY format, encoded straight into one pooled buffer ("Binary Format" in the manual of
/// COPY). No call and no conversion per field; the benchmark <c>EncodeForCopy</c> holds it against an importer that
/// goes field by field.
/// </summary>
sealed class CopyBuffer : IDisposable
{
    static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n"u8, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    byte[] _bytes;

    public CopyBuffer(int capacity)
    {
        _bytes = ArrayPool<byte>.Shared.Rent(Math.Max(capacity, 1024));
        Clear();
    }

    public int Rows { get; private set; }

    public int Length { get; private set; }

    /// <summary>Everything a COPY stream needs: header, rows, trailer. Nothing may be added afterwards.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        BinaryPrimitives.WriteInt16BigEndian(Reserve(2), -1);
        return _bytes.AsMemory(0, Length);
    }

    public void StartRow(short fieldCount)
    {
        Rows++;
        BinaryPrimitives.WriteInt16BigEndian(Reserve(2), fieldCount);
    }

    public void Int16(short value)
    {
        var span = Reserve(6);
        BinaryPrimitives.WriteInt32BigEndian(span, 2);
        BinaryPrimitives.WriteInt16BigEndian(span[4..], value);
    }

    public void Int32(int value)
    {
        var span = Reserve(8);
        BinaryPrimitives.WriteInt32BigEndian(span, 4);
        BinaryPrimitives.WriteInt32BigEndian(span[4..], value);
    }

    public void Null() => BinaryPrimitives.WriteInt32BigEndian(Reserve(4), -1);

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Field(value.Length));

    public void Text(string value) => Encoding.UTF8.GetBytes(value, Field(Encoding.UTF8.GetByteCount(value)));

    /// <summary>Room for a field of this many bytes, to be filled in place at once.</summary>
    public Span<byte> Field(int length)
    {
        var span = Reserve(length + 4);
        BinaryPrimitives.WriteInt32BigEndian(span, length);
        return span[4..];
    }

    public void Clear()
    {
        Length = Header.Length;
        Header.CopyTo(_bytes, 0);
        Rows = 0;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    Span<byte> Reserve(int length)
    {
        if (_bytes.Length - Length < length)
        {
            Grow(length);
        }

        var span = _bytes.AsSpan(Length, length);
        Length += length;
        return span;
    }

    void Grow(int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + length, _bytes.Length * 2));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
