using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Dispatch.PrintExport.Tests.Templates;

/// <summary>Pictures with something wrong about them: mostly deep inside, where sums and lengths are right
/// again.</summary>
sealed class BrokenPictures(int seed)
{
    const int PngSignature = 8;
    const int JpegStart = 2;

    static readonly byte[] Edges = [0, 1, 2, 3, 0x7F, 0x80, 0xC0, 0xC2, 0xC4, 0xD8, 0xD9, 0xDA, 0xDB, 0xFE, 0xFF];

    readonly Random _random = new(seed);

    public byte[] Next(byte[] whole)
    {
        var isPng = whole[0] == 0x89;
        return _random.Next(6) switch
        {
            0 => whole[.._random.Next(whole.Length)],
            1 => Changed(whole),
            2 when isPng => Pack(Changed(Unpacked(whole)), whole),
            _ => isPng ? Join(whole[..PngSignature], Shuffled(Chunks(whole)), Png) : Jpeg(whole),
        };
    }

    /// <summary>A JPEG of nothing but white: every block is two bits.</summary>
    public static byte[] BlankJpeg(ushort width, ushort height, byte channels, byte restartInterval, byte sampling)
    {
        var side = 8 * (channels == 1 ? 1 : sampling >> 4);
        var blocks = channels == 1 ? 1 : (sampling >> 4) * (sampling & 15) + channels - 1;
        var units = (width + side - 1) / side * ((height + side - 1) / side);
        byte[] frame = [8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, channels];
        byte[] scan = [channels];
        for (byte i = 1; i <= channels; i++)
        {
            frame = [.. frame, i, i == 1 ? sampling : (byte)0x11, 0];
            scan = [.. scan, i, 0];
        }

        byte[] onlyZero = [1, .. new byte[15], 0];
        return
        [
            0xFF, 0xD8, .. Segment(0xDB, [0, .. Enumerable.Repeat((byte)1, 64)]),
            .. Segment(0xC4, [0, .. onlyZero]), .. Segment(0xC4, [0x10, .. onlyZero]), .. Segment(0xC0, frame),
            .. Segment(0xDD, [0, restartInterval]), .. Segment(0xDA, [.. scan, 0, 63, 0]),
            .. Blank(units, blocks * 2, restartInterval), 0xFF, 0xD9,
        ];
    }

    static byte[] Blank(int units, int bitsOfUnit, int restartInterval)
    {
        var bytes = new List<byte>();
        for (var done = 0; done < units; done += restartInterval)
        {
            if (done > 0)
            {
                bytes.AddRange([0xFF, (byte)(0xD0 + done / restartInterval % 8)]);
            }

            bytes.AddRange(new byte[(Math.Min(restartInterval, units - done) * bitsOfUnit + 7) / 8]);
        }

        return [.. bytes];
    }

    byte[] Jpeg(byte[] whole)
    {
        var parts = Segments(whole, out var scan);
        return _random.Next(3) == 0
            ? Join(whole[..JpegStart], parts, Segment, Changed(scan))
            : Join(whole[..JpegStart], Shuffled(parts), Segment, scan);
    }

    /// <summary>One to four bytes are others, at random or at the edges of what they may be.</summary>
    byte[] Changed(byte[] bytes)
    {
        var changed = (byte[])bytes.Clone();
        for (var times = _random.Next(1, 5); times > 0 && changed.Length > 0; times--)
        {
            changed[_random.Next(changed.Length)] =
                _random.Next(2) == 0 ? (byte)_random.Next(256) : Edges[_random.Next(Edges.Length)];
        }

        return changed;
    }

    /// <summary>A part is changed, cut, doubled, lost, in another place or of another kind.</summary>
    List<(string Kind, byte[] Body)> Shuffled(List<(string Kind, byte[] Body)> parts)
    {
        var (at, other) = (_random.Next(parts.Count), _random.Next(parts.Count));
        var (kind, body) = parts[at];
        switch (_random.Next(6))
        {
            case 0:
                parts[at] = (kind, body[.._random.Next(body.Length + 1)]);
                break;
            case 1:
                parts.Insert(other, (kind, _random.Next(2) == 0 ? Changed(body) : body[..(body.Length / 2)]));
                break;
            case 2:
                parts.RemoveAt(at);
                break;
            case 3:
                (parts[at], parts[other]) = (parts[other], parts[at]);
                break;
            case 4:
                parts[at] = (parts[other].Kind, body);
                break;
            default:
                parts[at] = (kind, Changed(body));
                break;
        }

        return parts;
    }

    static byte[] Join(
        byte[] start, List<(string Kind, byte[] Body)> parts, Func<string, byte[], byte[]> write, params byte[] end) =>
        [.. start, .. parts.SelectMany(part => write(part.Kind, part.Body)), .. end];

    static byte[] Png(string kind, byte[] body) => Some.PngChunk(kind, body);

    static byte[] Segment(string kind, byte[] body) => Segment((byte)kind[0], body);

    static byte[] Segment(byte marker, byte[] body) =>
        [0xFF, marker, (byte)((body.Length + 2) >> 8), (byte)(body.Length + 2), .. body];

    static List<(string Kind, byte[] Body)> Chunks(byte[] png)
    {
        var chunks = new List<(string, byte[])>();
        for (var at = PngSignature; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            chunks.Add((Encoding.ASCII.GetString(png, at + 4, 4), png[(at + 8)..(at + 8 + length)]));
            at += 12 + length;
        }

        return chunks;
    }

    /// <summary>The segments up to the scan, its header the last of them.</summary>
    static List<(string Kind, byte[] Body)> Segments(byte[] jpeg, out byte[] scan)
    {
        var segments = new List<(string Kind, byte[])>();
        var at = JpegStart;
        while (segments is [] || segments[^1].Kind[0] != 0xDA)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(at + 2));
            segments.Add((((char)jpeg[at + 1]).ToString(), jpeg[(at + 4)..(at + 2 + length)]));
            at += 2 + length;
        }

        scan = jpeg[at..];
        return segments;
    }

    static byte[] Unpacked(byte[] png)
    {
        var packed = Chunks(png).Where(chunk => chunk.Kind == "IDAT").SelectMany(chunk => chunk.Body).ToArray();
        using var pixels = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
        var rows = new MemoryStream();
        pixels.CopyTo(rows);
        return rows.ToArray();
    }

    static byte[] Pack(byte[] rows, byte[] png)
    {
        var packed = new MemoryStream();
        using (var pixels = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            pixels.Write(rows);
        }

        return Join(
            png[..PngSignature],
            [.. Chunks(png).Select(chunk => chunk.Kind == "IDAT" ? (chunk.Kind, packed.ToArray()) : chunk)], Png);
    }
}
