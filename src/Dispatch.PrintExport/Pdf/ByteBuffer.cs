using System.Buffers;

namespace Dispatch.PrintExport.Pdf;

/// <summary>A pooled, growing run of bytes with the few number forms PDF content needs.</summary>
sealed class ByteBuffer : IDisposable
{
    const int FirstBytes = 64 * 1024;
    const int GlyphBytesMax = 4;

    byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstBytes);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>At least this many bytes to write to; <see cref="Advance"/> keeps them.</summary>
    public Span<byte> Room(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Grow(count);
        }

        return _bytes.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    public void Write(string ascii)
    {
        Length += System.Text.Encoding.ASCII.GetBytes(ascii, Room(ascii.Length));
    }

    public void Write(long number)
    {
        number.TryFormat(Room(20), out var count, default, System.Globalization.CultureInfo.InvariantCulture);
        Length += count;
    }

    /// <summary>Writes a length of this many hundredths of a point, in points.</summary>
    public void WritePoints(int hundredths)
    {
        var room = Room(14);
        var at = 0;
        if (hundredths < 0)
        {
            room[at++] = (byte)'-';
            hundredths = -hundredths;
        }

        var whole = hundredths / 100;
        var rest = hundredths - whole * 100;
        var digits = whole < 10 ? 1 : whole < 100 ? 2 : whole < 1000 ? 3 : whole < 10_000 ? 4 : 7;
        for (var i = at + digits - 1; i >= at; i--)
        {
            room[i] = (byte)('0' + whole % 10);
            whole /= 10;
        }

        at += digits;
        if (rest != 0)
        {
            room[at] = (byte)'.';
            room[at + 1] = (byte)('0' + rest / 10);
            room[at + 2] = (byte)('0' + rest % 10);
            at += rest % 10 == 0 ? 2 : 3;
        }

        Length += at;
    }

    /// <summary>Writes the two bytes of a glyph's number inside a literal string (ISO 32000-1, 7.3.4.2).</summary>
    public void WriteGlyph(int glyph)
    {
        var room = Room(GlyphBytesMax);
        var at = WriteEscaped(room, 0, (byte)(glyph >> 8));
        Length += WriteEscaped(room, at, (byte)glyph);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    // A line end of its own would be read as another one, and parentheses and backslashes as what they mean.
    static int WriteEscaped(Span<byte> room, int at, byte value)
    {
        if (value is (byte)'(' or (byte)')' or (byte)'\\' or (byte)'\r')
        {
            room[at++] = (byte)'\\';
            value = value == '\r' ? (byte)'r' : value;
        }

        room[at] = value;
        return at + 1;
    }

    void Grow(int count)
    {
        var grown = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, Length + count));
        Written.CopyTo(grown);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = grown;
    }
}
