using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace Dispatch.Worker.Intake;

/// <summary>UTF-16 in either byte order; half a surrogate pair is a fault.</summary>
sealed class Utf16Decoder(bool isBigEndian) : IListDecoder
{
    char[] _units = [];

    public int Growth => 2;

    public bool TryDecode(ReadOnlySpan<byte> bytes, bool isFinal, Span<byte> utf8, out int read, out int written)
    {
        var units = MemoryMarshal.Cast<byte, char>(bytes[..(bytes.Length & ~1)]);
        if (isBigEndian)
        {
            units = Swap(units);
        }

        var status = Utf8.FromUtf16(
            units, utf8, out var unitsRead, out written, replaceInvalidSequences: false, isFinalBlock: isFinal);
        read = unitsRead * 2;
        return status != OperationStatus.InvalidData && !(isFinal && read < bytes.Length);
    }

    Span<char> Swap(ReadOnlySpan<char> units)
    {
        if (_units.Length < units.Length)
        {
            _units = new char[units.Length];
        }

        BinaryPrimitives.ReverseEndianness(
            MemoryMarshal.Cast<char, ushort>(units), MemoryMarshal.Cast<char, ushort>(_units.AsSpan()));
        return _units.AsSpan(0, units.Length);
    }
}
