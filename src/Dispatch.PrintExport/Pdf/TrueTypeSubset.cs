using System.Buffers.Binary;

namespace Dispatch.PrintExport.Pdf;

/// <summary>
/// Cuts a TrueType font down to the glyphs a file uses. Glyph numbers stay as they are, so that content written long
/// before the end of the file is right; glyphs that are not used become empty.
/// </summary>
static class TrueTypeSubset
{
    const int ArgumentsAreWords = 0x0001;
    const int HasScale = 0x0008;
    const int MoreComponents = 0x0020;
    const int HasTwoScales = 0x0040;
    const int HasMatrix = 0x0080;

    static readonly string[] CopiedTables = ["cvt ", "fpgm", "hhea", "hmtx", "maxp", "prep"];

    /// <summary>Adds the glyphs that used glyphs are put together from, and glyph 0.</summary>
    public static void Close(TrueTypeFont font, bool[] used)
    {
        used[0] = true;
        var glyf = font.Table("glyf");
        for (var pass = true; pass;)
        {
            pass = false;
            for (var glyph = 0; glyph < used.Length; glyph++)
            {
                pass |= used[glyph] && AddComponents(GlyphBytes(font, glyf, glyph), used);
            }
        }
    }

    /// <summary>The font file with only these glyphs.</summary>
    public static byte[] Build(TrueTypeFont font, bool[] used)
    {
        var tables = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var tag in CopiedTables.Where(font.HasTable))
        {
            tables[tag] = font.Table(tag).ToArray();
        }

        var (glyf, loca) = CutGlyphs(font, used);
        tables["glyf"] = glyf;
        tables["loca"] = loca;
        var head = font.Table("head").ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(8), 0);
        BinaryPrimitives.WriteInt16BigEndian(head.AsSpan(50), 1);
        tables["head"] = head;
        return Assemble(tables);
    }

    static ReadOnlySpan<byte> GlyphBytes(TrueTypeFont font, ReadOnlySpan<byte> glyf, int glyph) =>
        glyf[font.GlyphOffsets[glyph]..font.GlyphOffsets[glyph + 1]];

    static bool AddComponents(ReadOnlySpan<byte> glyph, bool[] used)
    {
        if (glyph.Length < 10 || BinaryPrimitives.ReadInt16BigEndian(glyph) >= 0)
        {
            return false;
        }

        var isNew = false;
        var at = 10;
        int flags;
        do
        {
            flags = BinaryPrimitives.ReadUInt16BigEndian(glyph[at..]);
            var component = BinaryPrimitives.ReadUInt16BigEndian(glyph[(at + 2)..]);
            isNew |= !used[component];
            used[component] = true;
            at += 4 + ((flags & ArgumentsAreWords) != 0 ? 4 : 2)
                + ((flags & HasScale) != 0 ? 2 : (flags & HasTwoScales) != 0 ? 4 : (flags & HasMatrix) != 0 ? 8 : 0);
        }
        while ((flags & MoreComponents) != 0);

        return isNew;
    }

    static (byte[] Glyf, byte[] Loca) CutGlyphs(TrueTypeFont font, bool[] used)
    {
        var glyf = font.Table("glyf");
        var cut = new MemoryStream();
        var loca = new byte[(used.Length + 1) * 4];
        for (var glyph = 0; glyph < used.Length; glyph++)
        {
            if (used[glyph])
            {
                cut.Write(GlyphBytes(font, glyf, glyph));
                cut.Write("\0\0\0"u8[..(int)(-cut.Length & 3)]);
            }

            BinaryPrimitives.WriteUInt32BigEndian(loca.AsSpan((glyph + 1) * 4), (uint)cut.Length);
        }

        return (cut.ToArray(), loca);
    }

    static byte[] Assemble(SortedDictionary<string, byte[]> tables)
    {
        var directoryBytes = 12 + tables.Count * 16;
        var file = new byte[directoryBytes + tables.Values.Sum(table => (table.Length + 3) & ~3)];
        var power = 1 << (31 - int.LeadingZeroCount(tables.Count));
        BinaryPrimitives.WriteUInt32BigEndian(file, 0x00010000);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(4), (ushort)tables.Count);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(6), (ushort)(power * 16));
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(8), (ushort)int.Log2(power));
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(10), (ushort)((tables.Count - power) * 16));
        var (entryAt, tableAt, headAt) = (12, directoryBytes, 0);
        foreach (var (tag, table) in tables)
        {
            table.CopyTo(file, tableAt);
            var entry = file.AsSpan(entryAt, 16);
            System.Text.Encoding.ASCII.GetBytes(tag, entry);
            BinaryPrimitives.WriteUInt32BigEndian(entry[4..], Sum(file.AsSpan(tableAt, (table.Length + 3) & ~3)));
            BinaryPrimitives.WriteUInt32BigEndian(entry[8..], (uint)tableAt);
            BinaryPrimitives.WriteUInt32BigEndian(entry[12..], (uint)table.Length);
            headAt = tag == "head" ? tableAt : headAt;
            entryAt += 16;
            tableAt += (table.Length + 3) & ~3;
        }

        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(headAt + 8), 0xB1B0AFBA - Sum(file));
        return file;
    }

    static uint Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0u;
        for (var at = 0; at < bytes.Length; at += 4)
        {
            sum += BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
        }

        return sum;
    }
}
