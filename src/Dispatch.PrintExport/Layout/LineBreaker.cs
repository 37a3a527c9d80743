namespace Dispatch.PrintExport.Layout;

/// <summary>
/// Greedy line breaking by the fonts' own widths: at spaces, at soft hyphens, behind hyphens between words. Words
/// longer than the line are broken.
/// </summary>
static class LineBreaker
{
    /// <summary>Far more lines than 100 pages hold: whoever has that many is refused, so the work can stop.</summary>
    public const int LinesMax = 20_000;

    /// <summary>Breaks the cells from <paramref name="from"/> up to <paramref name="to"/> and adds the lines.</summary>
    /// <param name="widthEm">Room for a line, in thousandths of an em.</param>
    /// <returns>False when there are too many lines.</returns>
    public static bool Break(
        ReadOnlySpan<uint> cells, int from, int to, GlyphWidths widths, int widthEm, GrowingList<TextLine> lines)
    {
        // The line as it is, and the cell drawn last on it; 0 at its start.
        var (start, width, before) = (from, 0, 0u);

        // Where it could end best, how wide it would be, and where the next line would go on: before start when
        // nowhere.
        var (end, endWidth, next) = (-1, 0, -1);
        for (var i = from; i < to; i++)
        {
            var cell = cells[i];
            if (!GlyphCell.IsDrawn(cell))
            {
                if ((cell & GlyphCell.LineEnd) != 0)
                {
                    lines.Add(Last(cells, start, i, width, before, end, endWidth));
                    (start, width, before, next) = (i + 1, 0, 0, -1);
                }
                else if ((cell & GlyphCell.SoftHyphen) != 0 && width + widths.Of(before, cell) <= widthEm)
                {
                    (end, endWidth, next) = (i + 1, width + widths.Of(before, cell), i + 1);
                }

                continue;
            }

            if ((cell & GlyphCell.Space) != 0)
            {
                (end, endWidth) = (before & GlyphCell.Space) == 0 ? (i, width) : (end, endWidth);
                width += widths.Of(before, cell);
                (before, next) = (cell, i + 1);
                continue;
            }

            var advance = widths.Of(before, cell);
            while (width + advance > widthEm && before != 0)
            {
                var isAtBreak = next > start && end > start;
                lines.Add(isAtBreak
                    ? new(start, WithoutSoftHyphens(cells, start, end, next), endWidth)
                    : new(start, WithoutSoftHyphens(cells, start, i, i + 1), width));
                start = isAtBreak ? next : i;
                (width, before, next) = (widths.Sum(cells[start..i]), LastDrawn(cells[start..i]), -1);
                advance = widths.Of(before, cell);
            }

            width += advance;
            before = cell;
            if ((cell & GlyphCell.Hyphen) != 0 && JoinsWords(cells, start, i, to))
            {
                (end, endWidth, next) = (i + 1, width, i + 1);
            }

            if (lines.Count > LinesMax)
            {
                return false;
            }
        }

        if (to > start)
        {
            lines.Add(Last(cells, start, to, width, before, end, endWidth));
        }

        return lines.Count <= LinesMax;
    }

    static TextLine Last(ReadOnlySpan<uint> cells, int start, int to, int width, uint before, int end, int endWidth) =>
        (before & GlyphCell.Space) != 0 && end >= start
            ? new(start, WithoutSoftHyphens(cells, start, end, to), endWidth)
            : new(start, WithoutSoftHyphens(cells, start, to, to + 1), width);

    /// <summary>A soft hyphen at a line's end is drawn: it must stand there only where the line was broken at
    /// it.</summary>
    static int WithoutSoftHyphens(ReadOnlySpan<uint> cells, int start, int end, int next)
    {
        while (end != next && end > start && (cells[end - 1] & GlyphCell.SoftHyphen) != 0)
        {
            end--;
        }

        return end;
    }

    /// <summary>Two letters before it and one behind: no line ends in <c>e-</c>, and no date or number is taken
    /// apart.</summary>
    static bool JoinsWords(ReadOnlySpan<uint> cells, int start, int at, int to) =>
        at - 2 >= start && at + 1 < to && GlyphCell.IsLetter(cells[at - 1]) && GlyphCell.IsLetter(cells[at - 2])
            && GlyphCell.IsLetter(cells[at + 1]);

    static uint LastDrawn(ReadOnlySpan<uint> cells)
    {
        for (var i = cells.Length - 1; i >= 0; i--)
        {
            if (GlyphCell.IsDrawn(cells[i]))
            {
                return cells[i];
            }
        }

        return 0;
    }
}
