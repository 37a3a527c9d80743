using System.Globalization;
using System.Text;

namespace Dispatch.PrintExport.Pdf;

/// <summary>
/// The fonts of one file: which glyphs it uses, and at its end the font objects (Type0 over CIDFontType2, Identity-H;
/// ISO 32000-1, 9.7; ISO 19005-1, 6.3).
/// </summary>
sealed class FontEmbedding(FontSet fonts)
{
    const int MappingsPerBlock = 100;

    readonly bool[]?[] _used = new bool[fonts.Fonts.Length][];

    /// <summary>Remembers the glyphs of some drawn cells.</summary>
    public void Use(ReadOnlySpan<uint> cells)
    {
        foreach (var cell in cells)
        {
            var font = Layout.GlyphCell.Font(cell);
            if (Layout.GlyphCell.IsDrawn(cell) || (cell & Layout.GlyphCell.SoftHyphen) != 0)
            {
                (_used[font] ??= new bool[fonts.Fonts[font].GlyphCount])[Layout.GlyphCell.Glyph(cell)] = true;
            }
        }
    }

    /// <summary>Writes the font objects; gives the entries of a resource dictionary's font entry.</summary>
    public string Write(PdfObjects objects)
    {
        var entries = new StringBuilder();
        for (var i = 0; i < _used.Length; i++)
        {
            if (_used[i] is { } used)
            {
                entries.Append(CultureInfo.InvariantCulture, $"/F{i} {Write(objects, fonts.Fonts[i], used)} 0 R");
            }
        }

        return entries.ToString();
    }

    static int Write(PdfObjects objects, TrueTypeFont font, bool[] used)
    {
        var mapping = Mapping(font, used);
        TrueTypeSubset.Close(font, used);
        var name = $"{Tag(used)}+{font.Name}";
        var (file, set, toUnicode) = (objects.Reserve(), objects.Reserve(), objects.Reserve());
        var (descriptor, descendant, whole) = (objects.Reserve(), objects.Reserve(), objects.Reserve());
        var subset = TrueTypeSubset.Build(font, used);
        objects.WriteStream(file, Encoding.ASCII.GetBytes($"/Length1 {subset.Length}"), subset, isCompressed: true);
        objects.WriteStream(set, default, GlyphSet(used), isCompressed: true);
        objects.WriteStream(toUnicode, default, mapping, isCompressed: true);
        var isItalic = font.ItalicAngle != 0;
        WriteObject(
            objects,
            descriptor,
            $"<</Type/FontDescriptor/FontName/{name}/Flags {(isItalic ? 68 : 4)}/FontBBox[{string.Join(' ', font.Box)}]"
                + $"/ItalicAngle {font.ItalicAngle}/Ascent {font.Ascent}/Descent {font.Descent}"
                + $"/CapHeight {font.CapHeight}"
                + $"/StemV {(font.Name.Contains("Bold", StringComparison.Ordinal) ? 140 : 80)}"
                + $"/FontFile2 {file} 0 R/CIDSet {set} 0 R>>");
        WriteObject(
            objects,
            descendant,
            $"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo"
                + $"<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
                + $"/FontDescriptor {descriptor} 0 R/CIDToGIDMap/Identity/DW 0/W[{Widths(font, used)}]>>");
        WriteObject(
            objects,
            whole,
            $"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H/DescendantFonts[{descendant} 0 R]"
                + $"/ToUnicode {toUnicode} 0 R>>");
        return whole;
    }

    static void WriteObject(PdfObjects objects, int number, string text)
    {
        objects.Begin(number);
        objects.Buffer.Write(text);
        objects.End();
    }

    /// <summary>Six capitals that stand for the set of glyphs (ISO 32000-1, 9.6.4).</summary>
    static string Tag(bool[] used)
    {
        var hash = 14695981039346656037ul;
        for (var glyph = 0; glyph < used.Length; glyph++)
        {
            hash = used[glyph] ? (hash ^ (ulong)glyph) * 1099511628211ul : hash;
        }

        return string.Concat(Enumerable.Range(0, 6).Select(i => (char)('A' + (hash >> (i * 8)) % 26)));
    }

    static byte[] GlyphSet(bool[] used)
    {
        var bits = new byte[(used.Length + 7) / 8];
        for (var glyph = 0; glyph < used.Length; glyph++)
        {
            bits[glyph / 8] |= (byte)(used[glyph] ? 0x80 >> (glyph % 8) : 0);
        }

        return bits;
    }

    static string Widths(TrueTypeFont font, bool[] used)
    {
        var widths = new StringBuilder();
        for (var glyph = 0; glyph < used.Length; glyph++)
        {
            if (!used[glyph])
            {
                continue;
            }

            var isFirst = glyph == 0 || !used[glyph - 1];
            var isLast = glyph == used.Length - 1 || !used[glyph + 1];
            widths.Append(
                CultureInfo.InvariantCulture, $"{(isFirst ? $"{glyph}[" : " ")}{font.Advances[glyph]}");
            widths.Append(isLast ? "]" : "");
        }

        return widths.ToString();
    }

    static byte[] Mapping(TrueTypeFont font, bool[] used)
    {
        // Where several characters share a glyph, the lowest code point is the plain one (space before no-break space).
        var codePoints = new SortedDictionary<int, int>();
        foreach (var (codePoint, glyph) in font.CharacterMap())
        {
            if (used[glyph] && (!codePoints.TryGetValue(glyph, out var known) || codePoint < known))
            {
                codePoints[glyph] = codePoint;
            }
        }

        var text = new StringBuilder(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
                + "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
                + "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
                + "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
        foreach (var block in codePoints.Chunk(MappingsPerBlock))
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{block.Length} beginbfchar\n");
            foreach (var (glyph, codePoint) in block)
            {
                var units = Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(char.ConvertFromUtf32(codePoint)));
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"<{glyph:X4}> <{units}>\n");
            }

            text.Append("endbfchar\n");
        }

        text.Append("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
