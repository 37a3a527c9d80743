using Dispatch.Routing;

namespace Dispatch.PrintExport.Templates;

/// <summary>The bits of a JPEG scan, with stuffed bytes taken out.</summary>
ref struct JpegBits(string name, ReadOnlySpan<byte> data)
{
    readonly ReadOnlySpan<byte> _data = data;
    int _at;
    int _bits;
    int _bitCount;

    public int ReadBit()
    {
        if (_bitCount == 0)
        {
            _bits = NextByte();
            _bitCount = 8;
        }

        _bitCount--;
        return _bits >> _bitCount & 1;
    }

    /// <summary>A number of so many bits in JPEG's own signed form (ITU T.81, F.2.2.1).</summary>
    public int ReadSigned(int bitCount)
    {
        if (bitCount > 15)
        {
            throw Broken();
        }

        var value = 0;
        for (var i = 0; i < bitCount; i++)
        {
            value = value << 1 | ReadBit();
        }

        return bitCount > 0 && value < 1 << (bitCount - 1) ? value - (1 << bitCount) + 1 : value;
    }

    /// <summary>Goes on behind the next restart mark.</summary>
    public void Restart()
    {
        _bitCount = 0;
        if (_at + 2 > _data.Length || _data[_at] != 0xFF || _data[_at + 1] is < 0xD0 or > 0xD7)
        {
            throw Broken();
        }

        _at += 2;
    }

    public readonly DispatchException Broken() => AssetFault.Corrupt(name, "its scan is broken or ends early");

    int NextByte()
    {
        if (_at >= _data.Length)
        {
            throw Broken();
        }

        var value = _data[_at++];
        if (value == 0xFF)
        {
            // Inside a scan 0xFF is followed by 0; anything else is a mark, and the scan has ended before its time.
            if (_at >= _data.Length || _data[_at++] != 0)
            {
                throw Broken();
            }
        }

        return value;
    }
}
