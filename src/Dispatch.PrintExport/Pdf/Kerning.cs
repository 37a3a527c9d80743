namespace Dispatch.PrintExport.Pdf;

/// <summary>By how much pairs of glyphs of one face are set closer, in thousandths of an em. Immutable.</summary>
sealed class Kerning
{
    /// <summary>For each glyph the row (or column) of its pairs; row and column 0 are empty.</summary>
    readonly ushort[] _rows;
    readonly ushort[] _columns;
    readonly short[] _values;
    readonly int _columnCount;

    Kerning(ushort[] rows, ushort[] columns, short[] values, int columnCount)
    {
        _rows = rows;
        _columns = columns;
        _values = values;
        _columnCount = columnCount;
        Widest = Math.Max(0, (int)values.Max());
    }

    /// <summary>The most a pair is set apart.</summary>
    public int Widest { get; }

    /// <summary>No pair.</summary>
    public static Kerning None(int glyphCount) => new(new ushort[glyphCount], new ushort[glyphCount], [0], 1);

    /// <summary>Reads the pairs of a face: GPOS, or the older kern table where it has none.</summary>
    /// <exception cref="InvalidDataException">A table is broken.</exception>
    public static Kerning Read(TrueTypeFont font)
    {
        var rows = font.HasTable("GPOS") ? new PairPositioning(font).Read() : [];
        if (rows.Count == 0 && font.HasTable("kern"))
        {
            rows = KernTable.Read(font);
        }

        Exclude(font, rows);
        return Compress(rows, font.GlyphCount);
    }

    /// <summary>Says whether the glyph stands first in any pair.</summary>
    public bool IsFirst(int glyph) => _rows[glyph] != 0;

    /// <param name="left">Glyph.</param>
    /// <param name="right">The glyph behind it.</param>
    public int Between(int left, int right) => _values[_rows[left] * _columnCount + _columns[right]];

    /// <summary>
    /// Figures and what stands between them keep their widths, for columns of amounts must line up; and a space is as
    /// wide as any other, for lines are broken at it.
    /// </summary>
    static void Exclude(TrueTypeFont font, Dictionary<ushort, short[]> rows)
    {
        var figures = new HashSet<ushort>();
        var spaces = new HashSet<ushort>();
        foreach (var (codePoint, glyph) in font.CharacterMap())
        {
            if (codePoint is >= '0' and <= '9' or '.' or ',')
            {
                figures.Add(glyph);
            }
            else if (codePoint is ' ' or 0xA0)
            {
                spaces.Add(glyph);
            }
        }

        foreach (var (left, row) in rows)
        {
            foreach (var right in figures.Contains(left) ? figures.Concat(spaces) : spaces)
            {
                row[right] = 0;
            }

            if (spaces.Contains(left))
            {
                Array.Clear(row);
            }
        }
    }

    /// <summary>Rows that are alike become one, and then columns: a few kilobytes that stay in the processor's
    /// cache.</summary>
    static Kerning Compress(Dictionary<ushort, short[]> pairs, int glyphCount)
    {
        var rows = new ushort[glyphCount];
        var distinct = Distinct(
            pairs.OrderBy(pair => pair.Key).Select(pair => ((int)pair.Key, pair.Value)), new short[glyphCount], rows);
        var columns = new ushort[glyphCount];
        var kept = Distinct(
            Enumerable.Range(0, glyphCount).Select(right => (right, distinct.Select(row => row[right]).ToArray())),
            new short[distinct.Count],
            columns);
        var values = new short[distinct.Count * kept.Count];
        for (var column = 0; column < kept.Count; column++)
        {
            for (var row = 0; row < distinct.Count; row++)
            {
                values[row * kept.Count + column] = kept[column][row];
            }
        }

        return new(rows, columns, values, kept.Count);
    }

    static List<short[]> Distinct(IEnumerable<(int Glyph, short[] Values)> vectors, short[] empty, ushort[] indices)
    {
        var found = new List<short[]> { empty };
        var known = new Dictionary<string, ushort> { [KeyOf(empty)] = 0 };
        foreach (var (glyph, values) in vectors)
        {
            if (!known.TryGetValue(KeyOf(values), out var index))
            {
                index = (ushort)found.Count;
                known.Add(KeyOf(values), index);
                found.Add(values);
            }

            indices[glyph] = index;
        }

        return found;
    }

    static string KeyOf(short[] values) => new(System.Runtime.InteropServices.MemoryMarshal.Cast<short, char>(values));
}
