namespace Dispatch.PrintExport.Layout;

/// <summary>Greedy line breaking at spaces, by the fonts' own advance widths. Words longer than the line are broken.</summary>
static class LineBreaker
{
    /// <summary>Far more lines than 100 pages hold: whoever has that many is refused, so the work can stop.</summary>
    public const int LinesMax = 20_000;

    /// <summary>Breaks the cells from <paramref name="from"/> up to <paramref name="to"/> and adds the lines.</summary>
    /// <param name="widthEm">Room for a line, in thousandths of an em.</param>
    /// <returns>False when there are too many lines.</returns>
    public static bool Break(
        ReadOnlySpan<uint> cells, int from, int to, ushort[][] advances, int widthEm, GrowingList<TextLine> lines)
    {
        var lineStart = from;
        var width = 0;

        // The last run of spaces on the line: where it starts, the width before it, where it ends, the width behind it.
        var (spaceStart, widthBefore, spaceEnd, widthBehind) = (-1, 0, -1, 0);
        for (var i = from; i < to; i++)
        {
            var cell = cells[i];
            if ((cell & (GlyphCell.LineEnd | GlyphCell.Nothing)) != 0)
            {
                if ((cell & GlyphCell.LineEnd) != 0)
                {
                    lines.Add(Trim(lineStart, i, width, spaceStart, widthBefore, spaceEnd));
                    (lineStart, width, spaceStart, spaceEnd) = (i + 1, 0, -1, -1);
                }

                continue;
            }

            var advance = advances[GlyphCell.Font(cell)][GlyphCell.Glyph(cell)];
            if ((cell & GlyphCell.Space) != 0)
            {
                if (spaceEnd != i)
                {
                    (spaceStart, widthBefore) = (i, width);
                }

                width += advance;
                (spaceEnd, widthBehind) = (i + 1, width);
                continue;
            }

            while (width + advance > widthEm && i > lineStart)
            {
                if (spaceStart > lineStart)
                {
                    lines.Add(new(lineStart, spaceStart, widthBefore));
                    lineStart = spaceEnd;
                    width -= widthBehind;
                }
                else
                {
                    lines.Add(new(lineStart, i, width));
                    lineStart = i;
                    width = 0;
                }

                spaceStart = -1;
            }

            width += advance;
            if (lines.Count > LinesMax)
            {
                return false;
            }
        }

        if (to > lineStart)
        {
            lines.Add(Trim(lineStart, to, width, spaceStart, widthBefore, spaceEnd));
        }

        return lines.Count <= LinesMax;
    }

    static TextLine Trim(int start, int end, int width, int spaceStart, int widthBefore, int spaceEnd) =>
        spaceEnd == end && spaceStart >= start ? new(start, spaceStart, widthBefore) : new(start, end, width);
}
