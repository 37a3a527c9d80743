using System.Text;

namespace Dispatch.Routing.Pipeline;

/// <summary>
/// What differs from letter to letter, as one run of bytes: this is what is sealed and stored, and all that composing
/// needs beside the template. Layout: <c>fieldCount + 3</c> values, each a length (LEB128) and that many UTF-8 bytes,
/// in the order reference, the template's list fields, the receiver's name, the address (lines joined by LF, empty for
/// a digital letter that does not print it).
/// </summary>
public sealed class LetterValues
{
    /// <summary>Most bytes the length in front of a value takes.</summary>
    public const int LengthBytesMax = 4;

    readonly int[] _starts;
    ReadOnlyMemory<byte> _bytes;

    /// <param name="fieldCount">Number of list columns the template uses.</param>
    public LetterValues(int fieldCount)
    {
        FieldCount = fieldCount;
        _starts = new int[(fieldCount + 3) * 2];
    }

    public int FieldCount { get; }

    /// <summary>The sender's own id of the letter; may be empty.</summary>
    public ReadOnlySpan<byte> Reference => Value(0);

    /// <summary>The receiver's name; empty when neither the letter nor an address window needs it.</summary>
    public ReadOnlySpan<byte> RecipientName => Value(FieldCount + 1);

    /// <summary>Address lines below the name, joined by LF.</summary>
    public ReadOnlySpan<byte> AddressLines => Value(FieldCount + 2);

    /// <summary>The value of the template's list field <paramref name="index"/>, as it stood in the list,
    /// trimmed.</summary>
    public ReadOnlySpan<byte> Field(int index) => Value(index + 1);

    /// <summary>Reads the values of one letter; spans stay valid while <paramref name="bytes"/> does.</summary>
    /// <exception cref="InvalidDataException">The bytes are not of this layout.</exception>
    public void Load(ReadOnlyMemory<byte> bytes)
    {
        _bytes = bytes;
        var span = bytes.Span;
        var at = 0;
        for (var i = 0; i < _starts.Length; i += 2)
        {
            var length = ReadLength(span, ref at);
            if (length > span.Length - at)
            {
                throw new InvalidDataException("letter values end early");
            }

            _starts[i] = at;
            _starts[i + 1] = length;
            at += length;
        }
    }

    /// <summary>Bytes needed for a value of <paramref name="length"/> bytes with its length in front.</summary>
    public static int EncodedSize(int length) =>
        length + (length < 0x80 ? 1 : length < 0x4000 ? 2 : length < 0x200000 ? 3 : 4);

    /// <summary>Writes one value with its length; gives the number of bytes written.</summary>
    public static int Write(Span<byte> destination, ReadOnlySpan<byte> value)
    {
        var at = 0;
        var rest = (uint)value.Length;
        while (rest >= 0x80)
        {
            destination[at++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        destination[at++] = (byte)rest;
        value.CopyTo(destination[at..]);
        return at + value.Length;
    }

    /// <summary>The first value, the sender's reference, of bytes that may hold only a part of the values.</summary>
    public static ReadOnlySpan<byte> First(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        var length = ReadLength(bytes, ref at);
        return bytes.Slice(at, length);
    }

    /// <summary>The same layout from strings, for samples and tests.</summary>
    public static byte[] Encode(string reference, IReadOnlyList<string> fields, string name, string addressLines)
    {
        var parts = new List<byte[]> { Encoding.UTF8.GetBytes(reference) };
        parts.AddRange(fields.Select(Encoding.UTF8.GetBytes));
        parts.Add(Encoding.UTF8.GetBytes(name));
        parts.Add(Encoding.UTF8.GetBytes(addressLines));
        var bytes = new byte[parts.Sum(part => EncodedSize(part.Length))];
        var at = 0;
        foreach (var part in parts)
        {
            at += Write(bytes.AsSpan(at), part);
        }

        return bytes;
    }

    ReadOnlySpan<byte> Value(int index) => _bytes.Span.Slice(_starts[index * 2], _starts[index * 2 + 1]);

    static int ReadLength(ReadOnlySpan<byte> span, ref int at)
    {
        var length = 0;
        for (var shift = 0; shift < 28; shift += 7)
        {
            if (at >= span.Length)
            {
                break;
            }

            var b = span[at++];
            length |= (b & 0x7F) << shift;
            if (b < 0x80)
            {
                return length;
            }
        }

        throw new InvalidDataException("letter values hold a broken length");
    }
}
