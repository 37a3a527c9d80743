using System.Buffers.Binary;

namespace Dispatch.PrintExport.Pdf;

/// <summary>The kern table of a TrueType font: pairs of horizontal text (OpenType specification, kern, format
/// 0).</summary>
static class KernTable
{
    const int Horizontal = 0x0001;
    const int MinimumOrCrossStream = 0x0006;

    /// <summary>For each glyph that stands first in a pair: the value for every glyph behind it.</summary>
    public static Dictionary<ushort, short[]> Read(TrueTypeFont font)
    {
        var rows = new Dictionary<ushort, short[]>();
        var table = font.Table("kern");
        if (U16(table, 0) != 0)
        {
            return rows;
        }

        var at = 4;
        for (var i = 0; i < U16(table, 2); i++)
        {
            var coverage = U16(table, at + 4);
            if (coverage >> 8 == 0 && (coverage & Horizontal) != 0 && (coverage & MinimumOrCrossStream) == 0)
            {
                ReadPairs(table[(at + 6)..], font, rows);
            }

            at += U16(table, at + 2);
        }

        return rows;
    }

    static void ReadPairs(ReadOnlySpan<byte> table, TrueTypeFont font, Dictionary<ushort, short[]> rows)
    {
        for (var i = 0; i < U16(table, 0); i++)
        {
            var pair = table.Slice(8 + i * 6, 6);
            var (left, right) = (U16(pair, 0), U16(pair, 2));
            if (!rows.TryGetValue(left, out var row))
            {
                rows.Add(left, row = new short[font.GlyphCount]);
            }

            row[right] += font.Scale(BinaryPrimitives.ReadInt16BigEndian(pair[4..]));
        }
    }

    static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
}
