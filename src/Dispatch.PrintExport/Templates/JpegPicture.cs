using System.Buffers.Binary;

namespace Dispatch.PrintExport.Templates;

/// <summary>
/// Reads baseline JPEG (ITU T.81), gray or YCbCr. PDF takes the file as it is; what is decoded here is its brightness,
/// for gray print and as the proof that the file is whole.
/// </summary>
static class JpegPicture
{
    const byte StartOfScan = 0xDA;
    const byte EndOfImage = 0xD9;
    const byte Baseline = 0xC0;
    const byte LastFrame = 0xCF;

    public static bool IsJpeg(ReadOnlySpan<byte> file) => file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);

    public static PictureHeader ReadHeader(string name, ReadOnlySpan<byte> file)
    {
        var density = 0;
        for (var at = 2; ;)
        {
            var segment = NextSegment(name, file, ref at, out var marker);
            if (marker == 0xE0 && segment.Length >= 12 && segment.StartsWith("JFIF\0"u8))
            {
                var perUnit = BinaryPrimitives.ReadUInt16BigEndian(segment[8..]);
                density = segment[7] == 1 ? perUnit : segment[7] == 2 ? perUnit * 254 / 100 : 0;
            }

            if (marker == 0xEE && segment.Length >= 12 && segment.StartsWith("Adobe"u8) && segment[11] != 1)
            {
                throw AssetFault.Unsupported(name, "a CMYK or untransformed RGB JPEG");
            }

            if (IsFrame(marker))
            {
                return ReadFrame(name, segment, marker, density);
            }

            if (marker is StartOfScan or EndOfImage)
            {
                throw AssetFault.Corrupt(name, "its frame header is missing");
            }
        }
    }

    /// <summary>Decodes the brightness of every pixel, row by row.</summary>
    public static void ReadBrightness(string name, byte[] file, PictureHeader header, PictureRow? take = null)
    {
        var decoder = new JpegDecoder(name, header);
        var hasFrame = false;
        for (var at = 2; ;)
        {
            var segment = NextSegment(name, file, ref at, out var marker);
            switch (marker)
            {
                case 0xDB:
                    decoder.ReadQuantization(segment);
                    break;
                case 0xC4:
                    decoder.ReadHuffman(segment);
                    break;
                case >= Baseline and <= LastFrame when IsFrame(marker):
                    // Only the first has been looked at, and readers of a PDF might take the other.
                    if (hasFrame)
                    {
                        throw AssetFault.Corrupt(name, "it has more than one frame header");
                    }

                    hasFrame = true;
                    decoder.ReadComponents(segment);
                    break;
                case 0xDD when segment.Length >= 2:
                    decoder.RestartInterval = BinaryPrimitives.ReadUInt16BigEndian(segment);
                    break;
                case StartOfScan:
                    decoder.ReadScan(segment, file.AsSpan(at), take);
                    return;
                case EndOfImage:
                    throw AssetFault.Corrupt(name, "it holds no picture");
            }
        }
    }

    /// <summary>The other numbers among them are tables and extensions.</summary>
    static bool IsFrame(byte marker) => marker is >= Baseline and <= LastFrame and not (0xC4 or 0xC8 or 0xCC);

    static PictureHeader ReadFrame(string name, ReadOnlySpan<byte> frame, byte marker, int density)
    {
        if (frame.Length < 6 || frame.Length < 6 + frame[5] * 3)
        {
            throw AssetFault.Corrupt(name, "its frame header is broken");
        }

        var (height, width) = (
            BinaryPrimitives.ReadUInt16BigEndian(frame[1..]), BinaryPrimitives.ReadUInt16BigEndian(frame[3..]));
        PictureHeader.CheckSize(name, width, height);
        if (marker != Baseline || frame[0] != 8)
        {
            throw AssetFault.Unsupported(name, marker == 0xC2 ? "a progressive JPEG" : "no baseline JPEG");
        }

        return frame[5] is 1 or 3
            ? new(width, height, density, frame[5] == 1, frame[5])
            : throw AssetFault.Unsupported(name, $"a JPEG of {frame[5]} colour channels (CMYK)");
    }

    static ReadOnlySpan<byte> NextSegment(string name, ReadOnlySpan<byte> file, scoped ref int at, out byte marker)
    {
        while (at + 1 < file.Length && file[at] == 0xFF && file[at + 1] == 0xFF)
        {
            at++;
        }

        if (at + 2 > file.Length || file[at] != 0xFF)
        {
            throw AssetFault.Corrupt(name, "it ends early or a marker is missing");
        }

        marker = file[at + 1];
        at += 2;
        if (marker == EndOfImage)
        {
            return default;
        }

        var length = at + 2 <= file.Length ? BinaryPrimitives.ReadUInt16BigEndian(file[at..]) : 0;
        if (length < 2 || length > file.Length - at)
        {
            throw AssetFault.Corrupt(name, "it ends early");
        }

        var segment = file.Slice(at + 2, length - 2);
        at += length;
        return segment;
    }
}
