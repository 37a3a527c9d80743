using System.Buffers.Binary;
using System.IO.Compression;

namespace Dispatch.PrintExport.Templates;

/// <summary>
/// Reads PNG (ISO 15948): 8 bits, not interlaced, not animated; gray, RGB or palette, with or without alpha, which is
/// flattened on white. One row is in memory at a time.
/// </summary>
static class PngPicture
{
    const int ChunkOverhead = 12;
    const int HeaderLength = 13;

    static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(CrcEntry)];

    static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    enum ColourType : byte
    {
        Gray = 0,
        Rgb = 2,
        Palette = 3,
        GrayAlpha = 4,
        RgbAlpha = 6,
    }

    public static bool IsPng(ReadOnlySpan<byte> file) => file.StartsWith(Signature);

    public static PictureHeader ReadHeader(string name, ReadOnlySpan<byte> file)
    {
        var at = Signature.Length;
        var header = NextChunk(name, file, ref at, out var type);
        if (!type.SequenceEqual("IHDR"u8) || header.Length != HeaderLength)
        {
            throw AssetFault.Corrupt(name, "its header is missing");
        }

        PictureHeader.CheckSize(
            name, BinaryPrimitives.ReadUInt32BigEndian(header), BinaryPrimitives.ReadUInt32BigEndian(header[4..]));
        if (header[8] != 8 || !Enum.IsDefined((ColourType)header[9]) || header[12] != 0)
        {
            throw AssetFault.Unsupported(
                name, header[12] != 0 ? "an interlaced PNG" : "a PNG of other than 8 bits a channel");
        }

        var density = 0;
        while (!type.SequenceEqual("IEND"u8))
        {
            var chunk = NextChunk(name, file, ref at, out type);
            if (type.SequenceEqual("acTL"u8))
            {
                throw AssetFault.Unsupported(name, "an animated PNG");
            }

            if (type.SequenceEqual("pHYs"u8) && chunk.Length == 9 && chunk[8] == 1)
            {
                density = (int)Math.Min(10_000, BinaryPrimitives.ReadUInt32BigEndian(chunk) * 254L / 10_000);
            }
        }

        var colour = (ColourType)header[9];
        var channels = colour switch
        {
            ColourType.Rgb => 3,
            ColourType.RgbAlpha => 4,
            ColourType.GrayAlpha => 2,
            _ => 1,
        };
        return new(
            BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header[4..]), density,
            colour is ColourType.Gray or ColourType.GrayAlpha, channels);
    }

    /// <summary>Reads every row; the whole file is proved readable by it.</summary>
    public static void ReadRows(string name, byte[] file, PictureHeader header, PictureRow take)
    {
        var packed = new MemoryStream();
        byte[] palette = [];
        byte[] transparent = [];
        var colour = (ColourType)file[Signature.Length + 8 + 9];
        var at = Signature.Length;
        ReadOnlySpan<byte> type = default;
        while (!type.SequenceEqual("IEND"u8))
        {
            var chunk = NextChunk(name, file, ref at, out type);
            if (type.SequenceEqual("IDAT"u8))
            {
                packed.Write(chunk);
            }
            else if (type.SequenceEqual("PLTE"u8))
            {
                palette = chunk.ToArray();
            }
            else if (type.SequenceEqual("tRNS"u8))
            {
                transparent = chunk.ToArray();
            }
        }

        packed.Position = 0;
        var flatten = new PngFlattening(name, colour == ColourType.Palette ? palette : null, transparent, header);
        Unpack(name, packed, header, flatten, take);
    }

    static void Unpack(string name, Stream packed, PictureHeader header, PngFlattening flatten, PictureRow take)
    {
        var rowBytes = header.Width * header.Channels;
        var row = new byte[rowBytes + 1];
        var above = new byte[rowBytes + 1];
        try
        {
            using var pixels = new ZLibStream(packed, CompressionMode.Decompress);
            for (var y = 0; y < header.Height; y++)
            {
                pixels.ReadExactly(row);
                Unfilter(name, row, above, header.Channels);
                take(flatten.Row(row.AsSpan(1)));
                (row, above) = (above, row);
            }
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException)
        {
            throw AssetFault.Corrupt(name, "its pixels cannot be unpacked");
        }
    }

    static void Unfilter(string name, byte[] row, byte[] above, int channels)
    {
        switch (row[0])
        {
            case 0:
                break;
            case 1:
                for (var i = 1 + channels; i < row.Length; i++)
                {
                    row[i] += row[i - channels];
                }

                break;
            case 2:
                for (var i = 1; i < row.Length; i++)
                {
                    row[i] += above[i];
                }

                break;
            case 3:
                for (var i = 1; i < row.Length; i++)
                {
                    row[i] += (byte)(((i > channels ? row[i - channels] : 0) + above[i]) / 2);
                }

                break;
            case 4:
                for (var i = 1; i < row.Length; i++)
                {
                    row[i] += i > channels ? Paeth(row[i - channels], above[i], above[i - channels]) : above[i];
                }

                break;
            default:
                throw AssetFault.Corrupt(name, "a row names a filter there is none of");
        }
    }

    static byte Paeth(int left, int above, int corner)
    {
        var guess = left + above - corner;
        var (toLeft, toAbove, toCorner) = (Math.Abs(guess - left), Math.Abs(guess - above), Math.Abs(guess - corner));
        return (byte)(toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner);
    }

    static ReadOnlySpan<byte> NextChunk(
        string name, ReadOnlySpan<byte> file, scoped ref int at, out ReadOnlySpan<byte> type)
    {
        if (file.Length - at < ChunkOverhead)
        {
            throw AssetFault.Corrupt(name, "it ends early");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
        if (length > file.Length - at - ChunkOverhead)
        {
            throw AssetFault.Corrupt(name, "it ends early");
        }

        var body = file.Slice(at + 4, (int)length + 4);
        if (Crc(body) != BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + (int)length)..]))
        {
            throw AssetFault.Corrupt(name, "a checksum in it is wrong");
        }

        at += ChunkOverhead + (int)length;
        type = body[..4];
        return body[4..];
    }

    static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc = CrcTable[(byte)(crc ^ b)] ^ crc >> 8;
        }

        return ~crc;
    }

    static uint CrcEntry(int index)
    {
        var entry = (uint)index;
        for (var bit = 0; bit < 8; bit++)
        {
            entry = (entry & 1) != 0 ? 0xEDB88320 ^ entry >> 1 : entry >> 1;
        }

        return entry;
    }
}
