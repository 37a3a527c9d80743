using System.Buffers.Binary;

namespace Dispatch.Worker.Country;

/// <summary>The parts of PNG (ISO/IEC 15948) a plain RGB picture needs.</summary>
static class PngFile
{
    const int BytesPerPixel = 3;

    public static byte[] FromRgb(ReadOnlySpan<byte> pixels, int widthPixels, int heightPixels)
    {
        var rowBytes = widthPixels * BytesPerPixel;
        var raw = new byte[heightPixels * (rowBytes + 1)];
        for (var row = 0; row < heightPixels; row++)
        {
            // The byte in front of each row stays 0: no filter.
            pixels.Slice(row * rowBytes, rowBytes).CopyTo(raw.AsSpan(row * (rowBytes + 1) + 1));
        }

        Span<byte> header = stackalloc byte[13];
        header.Clear();
        BinaryPrimitives.WriteInt32BigEndian(header, widthPixels);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], heightPixels);
        header[8] = 8;  // bits a sample
        header[9] = 2;  // red, green, blue

        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        WriteChunk(png, "IHDR"u8, header);
        WriteChunk(png, "IDAT"u8, RepeatDeflate.ToZlib(raw, [BytesPerPixel, rowBytes + 1]));
        WriteChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    static void WriteChunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc32(Crc32(uint.MaxValue, type), data));
        png.Write(number);
    }

    static uint Crc32(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1)));
            }
        }

        return crc;
    }
}
