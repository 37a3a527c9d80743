using System.Buffers.Binary;
using System.Numerics;

namespace Dispatch.Worker.Country;

/// <summary>
/// A small DEFLATE (RFC 1951) in a zlib frame (RFC 1950): fixed codes, and repeats only from the distances it is told
/// to try. The framework's own compressor is better, but its bytes change with its version, and the crest's must not:
/// they are part of the job's identity.
/// </summary>
sealed class RepeatDeflate
{
    const int RepeatBytesMin = 3;
    const int RepeatBytesMax = 258;
    const int EndOfBlock = 256;
    const uint AdlerPrime = 65_521;

    readonly List<byte> _output = [];
    ulong _bits;
    int _bitCount;

    public static byte[] ToZlib(ReadOnlySpan<byte> data, ReadOnlySpan<int> distances)
    {
        var deflate = new RepeatDeflate();
        deflate.WriteBits(0x0178, 16);
        deflate.WriteBits(0b011, 3);  // the last block, with fixed codes
        deflate.WriteBlock(data, distances);
        deflate.WriteSymbol(EndOfBlock);
        deflate.WriteBits(0, (8 - deflate._bitCount) % 8);
        Span<byte> check = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(check, Adler32(data));
        deflate._output.AddRange(check);
        return [.. deflate._output];
    }

    void WriteBlock(ReadOnlySpan<byte> data, ReadOnlySpan<int> distances)
    {
        var at = 0;
        while (at < data.Length)
        {
            var (bestLength, bestDistance) = (0, 0);
            foreach (var distance in distances)
            {
                var length = distance > at ? 0 : RepeatLength(data, at, distance);
                if (length > bestLength)
                {
                    (bestLength, bestDistance) = (length, distance);
                }
            }

            if (bestLength >= RepeatBytesMin)
            {
                WriteRepeat(bestLength, bestDistance);
                at += bestLength;
            }
            else
            {
                WriteSymbol(data[at++]);
            }
        }
    }

    static int RepeatLength(ReadOnlySpan<byte> data, int at, int distance)
    {
        var lengthMax = Math.Min(RepeatBytesMax, data.Length - at);
        return data.Slice(at, lengthMax).CommonPrefixLength(data.Slice(at - distance, lengthMax));
    }

    void WriteRepeat(int length, int distance)
    {
        if (length == RepeatBytesMax)
        {
            WriteSymbol(285);
        }
        else
        {
            // Four codes for each doubling, the rest of the length in extra bits.
            var (code, extra, extraBits) = Split(length - RepeatBytesMin, 2);
            WriteSymbol(257 + code);
            WriteBits(extra, extraBits);
        }

        var (distanceCode, distanceExtra, distanceExtraBits) = Split(distance - 1, 1);
        WriteBits(Reverse((uint)distanceCode, 5), 5);
        WriteBits(distanceExtra, distanceExtraBits);
    }

    /// <param name="log">Logarithm of the number of codes for each doubling.</param>
    static (int Code, uint Extra, int ExtraBits) Split(int value, int log)
    {
        var extraBits = value < 2 << log ? 0 : BitOperations.Log2((uint)value) - log;
        var code = (extraBits << log) + (value >> extraBits);
        return (code, (uint)value & ((1u << extraBits) - 1), extraBits);
    }

    void WriteSymbol(int symbol)
    {
        var (code, bits) = symbol switch
        {
            < 144 => (0x30 + symbol, 8),
            < 256 => (0x190 + symbol - 144, 9),
            < 280 => (symbol - 256, 7),
            _ => (0xC0 + symbol - 280, 8),
        };
        WriteBits(Reverse((uint)code, bits), bits);
    }

    void WriteBits(uint value, int count)
    {
        _bits |= (ulong)value << _bitCount;
        _bitCount += count;
        while (_bitCount >= 8)
        {
            _output.Add((byte)_bits);
            _bits >>= 8;
            _bitCount -= 8;
        }
    }

    static uint Reverse(uint value, int count)
    {
        var reversed = 0u;
        for (var bit = 0; bit < count; bit++)
        {
            reversed = (reversed << 1) | ((value >> bit) & 1);
        }

        return reversed;
    }

    static uint Adler32(ReadOnlySpan<byte> data)
    {
        var (low, high) = (1u, 0u);
        foreach (var value in data)
        {
            low = (low + value) % AdlerPrime;
            high = (high + low) % AdlerPrime;
        }

        return (high << 16) | low;
    }
}
