using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Dispatch.Routing;

namespace Dispatch.PrintExport.Pdf;

/// <summary>
/// A TrueType file, read for setting and embedding (OpenType specification: head, hhea, maxp, hmtx, cmap, loca, glyf,
/// name, OS/2, post).
/// </summary>
sealed class TrueTypeFont
{
    const int RestrictedLicence = 0x0002;

    readonly byte[] _bytes;
    readonly Dictionary<string, Range> _tables = new(StringComparer.Ordinal);

    TrueTypeFont(byte[] bytes)
    {
        _bytes = bytes;
        Hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        ReadDirectory();
        var head = Table("head");
        UnitsPerEm = U16(head, 18);
        Box = [Scale(I16(head, 36)), Scale(I16(head, 38)), Scale(I16(head, 40)), Scale(I16(head, 42))];
        GlyphCount = U16(Table("maxp"), 4);
        GlyphOffsets = ReadOffsets(I16(head, 50) != 0);
        Advances = ReadAdvances(U16(Table("hhea"), 34));
        Ascent = Scale(I16(Table("hhea"), 4));
        Descent = Scale(I16(Table("hhea"), 6));
        var os2 = Table("OS/2");
        if ((U16(os2, 8) & RestrictedLicence) != 0)
        {
            throw new InvalidDataException("its licence forbids embedding");
        }

        CapHeight = U16(os2, 0) >= 2 && os2.Length >= 90 ? Scale(I16(os2, 88)) : Ascent;
        ItalicAngle = I16(Table("post"), 4);
        Name = ReadName();
    }

    /// <summary>SHA-256 of the file, lower-case hex.</summary>
    public string Hash { get; }

    /// <summary>The file.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    public int UnitsPerEm { get; }

    public int GlyphCount { get; }

    /// <summary>PostScript name, fit for a PDF name.</summary>
    public string Name { get; }

    /// <summary>Advance widths in thousandths of an em, one per glyph: what the PDF's width array says too.</summary>
    public ushort[] Advances { get; }

    /// <summary>Offsets into glyf, one more than there are glyphs.</summary>
    public int[] GlyphOffsets { get; }

    /// <summary>Left, bottom, right, top in thousandths of an em.</summary>
    public int[] Box { get; }

    /// <summary>Thousandths of an em, as the three below it.</summary>
    public int Ascent { get; }

    public int Descent { get; }

    public int CapHeight { get; }

    /// <summary>Whole degrees.</summary>
    public int ItalicAngle { get; }

    /// <exception cref="DispatchException"><c>font.missing</c> or <c>asset.font</c>, exit 78.</exception>
    public static TrueTypeFont Load(string path)
    {
        try
        {
            return new(File.ReadAllBytes(path));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DispatchException(
                "font.missing",
                $"the font file '{path}' cannot be read; "
                    + "install it (Debian: apt-get install -y fonts-liberation2) or name another in the font settings",
                ExitCode.Configuration,
                fault);
        }
        catch (Exception fault) when (
            fault is InvalidDataException or ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            throw new DispatchException(
                "asset.font",
                $"the font file '{path}' cannot be used: it is no whole TrueType font that may be embedded; "
                    + "name another in the font settings",
                ExitCode.Configuration,
                fault);
        }
    }

    /// <summary>Reads a file that was read before, and kept.</summary>
    public static TrueTypeFont Read(byte[] bytes) => new(bytes);

    /// <summary>A table's bytes.</summary>
    public ReadOnlySpan<byte> Table(string tag) => _tables.TryGetValue(tag, out var range)
        ? _bytes.AsSpan(range)
        : throw new InvalidDataException($"the table '{tag}' is missing");

    public bool HasTable(string tag) => _tables.ContainsKey(tag);

    /// <summary>Every code point the font has, with its glyph; glyph 0 is left out.</summary>
    public IEnumerable<(int CodePoint, ushort Glyph)> CharacterMap()
    {
        var cmap = Table("cmap");
        var best = -1;
        var isWide = false;
        for (var i = 0; i < U16(cmap, 2); i++)
        {
            var (platform, encoding) = (U16(cmap, 4 + i * 8), U16(cmap, 6 + i * 8));
            var offset = (int)BinaryPrimitives.ReadUInt32BigEndian(cmap[(8 + i * 8)..]);
            var format = U16(cmap, offset);
            if (format == 12 && platform is 0 or 3 && !isWide)
            {
                (best, isWide) = (offset, true);
            }
            else if (format == 4 && best < 0 && (platform == 0 || platform == 3 && encoding == 1))
            {
                best = offset;
            }
        }

        return best < 0 ? throw new InvalidDataException("no Unicode character map")
            : isWide ? WideMap(cmap[best..])
            : NarrowMap(cmap[best..]);
    }

    static List<(int CodePoint, ushort Glyph)> WideMap(ReadOnlySpan<byte> map)
    {
        var found = new List<(int, ushort)>();
        var groups = (int)BinaryPrimitives.ReadUInt32BigEndian(map[12..]);
        for (var i = 0; i < groups; i++)
        {
            var group = map[(16 + i * 12)..];
            var first = (int)BinaryPrimitives.ReadUInt32BigEndian(group);
            var last = Math.Min((int)BinaryPrimitives.ReadUInt32BigEndian(group[4..]), 0x10FFFF);
            var glyph = (int)BinaryPrimitives.ReadUInt32BigEndian(group[8..]);
            for (var codePoint = first; codePoint <= last; codePoint++, glyph++)
            {
                if (glyph != 0)
                {
                    found.Add((codePoint, (ushort)glyph));
                }
            }
        }

        return found;
    }

    static List<(int CodePoint, ushort Glyph)> NarrowMap(ReadOnlySpan<byte> map)
    {
        var found = new List<(int, ushort)>();
        var segments = U16(map, 6) / 2;
        for (var i = 0; i < segments; i++)
        {
            int last = U16(map, 14 + i * 2);
            int first = U16(map, 16 + (segments + i) * 2);
            int delta = U16(map, 16 + (segments * 2 + i) * 2);
            var rangeAt = 16 + (segments * 3 + i) * 2;
            int range = U16(map, rangeAt);
            for (var codePoint = first; codePoint <= last && codePoint < 0xFFFF; codePoint++)
            {
                int glyph = range == 0 ? codePoint : U16(map, rangeAt + range + (codePoint - first) * 2);
                glyph = range != 0 && glyph == 0 ? 0 : (glyph + delta) & 0xFFFF;
                if (glyph != 0)
                {
                    found.Add((codePoint, (ushort)glyph));
                }
            }
        }

        return found;
    }

    /// <summary>Units of the font in thousandths of an em.</summary>
    public short Scale(int units) => (short)Math.Round(units * 1000.0 / UnitsPerEm, MidpointRounding.AwayFromZero);

    static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);

    static short I16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt16BigEndian(bytes[at..]);

    void ReadDirectory()
    {
        if (_bytes.Length < 12 || BinaryPrimitives.ReadUInt32BigEndian(_bytes) is not (0x00010000 or 0x74727565))
        {
            throw new InvalidDataException("not a TrueType file");
        }

        for (var i = 0; i < U16(_bytes, 4); i++)
        {
            var entry = _bytes.AsSpan(12 + i * 16, 16);
            var offset = (int)BinaryPrimitives.ReadUInt32BigEndian(entry[8..]);
            var length = (int)BinaryPrimitives.ReadUInt32BigEndian(entry[12..]);
            if (offset < 0 || length < 0 || offset > _bytes.Length - length)
            {
                throw new InvalidDataException("a table lies outside the file");
            }

            _tables[Encoding.ASCII.GetString(entry[..4])] = offset..(offset + length);
        }
    }

    int[] ReadOffsets(bool isLong)
    {
        var loca = Table("loca");
        var offsets = new int[GlyphCount + 1];
        for (var i = 0; i < offsets.Length; i++)
        {
            offsets[i] = isLong ? (int)BinaryPrimitives.ReadUInt32BigEndian(loca[(i * 4)..]) : U16(loca, i * 2) * 2;
        }

        return offsets;
    }

    ushort[] ReadAdvances(int metricCount)
    {
        var hmtx = Table("hmtx");
        var advances = new ushort[GlyphCount];
        for (var i = 0; i < GlyphCount; i++)
        {
            advances[i] = (ushort)Scale(U16(hmtx, Math.Min(i, metricCount - 1) * 4));
        }

        return advances;
    }

    string ReadName()
    {
        var table = Table("name");
        for (var i = 0; i < U16(table, 2); i++)
        {
            var record = table[(6 + i * 12)..];
            if (U16(record, 6) == 6 && U16(record, 0) == 3)
            {
                var text = table.Slice(U16(table, 4) + U16(record, 10), U16(record, 8));
                return string.Concat(
                    Encoding.BigEndianUnicode.GetString(text).Where(c => char.IsAsciiLetterOrDigit(c) || c == '-'));
            }
        }

        return "Font";
    }
}
