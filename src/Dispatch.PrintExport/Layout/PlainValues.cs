using Dispatch.PrintExport.Templates;
using Dispatch.Routing.Rules;

namespace Dispatch.PrintExport.Layout;

/// <summary>
/// How long values can be that surely fit 100 pages. The bound: greedy breaking fills two lines that
/// follow each other with more than one line's width, and cutting fills two pages that follow each other
/// with more than one page's height.
/// </summary>
static class PlainValues
{
    /// <summary>Widest ASCII glyph there may be (<c>@</c> and some kerning).</summary>
    const int LetterEmMax = 1050;

    /// <summary>Doubled: a line end (LF) costs a line too, but no more.</summary>
    const int TextBytesEm = LetterEmMax * 2;

    /// <summary>A byte of a number or date becomes four digits or two letters at most.</summary>
    const int FormattedBytesEm = 4500;

    /// <summary>Rows cut into slices pay their padding again.</summary>
    const int SlicePadding = 40;

    public static int BytesMax(LetterLayout layout)
    {
        if (!IsUsualAscii(layout))
        {
            return 0;
        }

        var uses = new Dictionary<(FieldSource, int), int>();
        long height = 0;
        var (breaks, header, leading) = (0, 0, TypeSize.Body.Leading);
        foreach (var item in layout.Items)
        {
            breaks += item is FlowItem.PageBreak ? 1 : 0;
            foreach (var text in TextsOf(item))
            {
                if (!IsWideEnough(text))
                {
                    return 0;
                }

                Count(text, uses);
                height += (long)LinesMax(text, layout) * (text.Type.Leading + SlicePadding);
                leading = Math.Max(leading, text.Type.Leading + SlicePadding);
            }

            if (item is FlowItem.Strip strip)
            {
                height += strip.SpaceBefore + strip.Height;
                var isHeader = item is FlowItem.Row { Part: TablePart.Header }
                    or FlowItem.Constant { Part: TablePart.Header };
                header = Math.Max(header, isHeader ? strip.Height : 0);
            }
        }

        var pageHeight = layout.BodyHeightMin - Math.Min(header, layout.BodyHeightMin / 4);
        var heightMax = (long)(LetterLayout.PagesMax - 2 - breaks) * pageHeight / 2;
        var usesMax = uses.Values.DefaultIfEmpty(1).Max();
        return (int)Math.Clamp((heightMax - height) / ((long)usesMax * leading), 0, 1 << 20);
    }

    static bool IsUsualAscii(LetterLayout layout)
    {
        for (var style = TextStyle.Regular; style <= (TextStyle.Bold | TextStyle.Italic); style++)
        {
            var ascii = layout.Fonts.Map(style).Basic[' '..0x7F];
            if (ascii.Contains(0u) || layout.Fonts.Widths.WidestOf(ascii) > LetterEmMax)
            {
                return false;
            }
        }

        return true;
    }

    static IEnumerable<FlowText> TextsOf(FlowItem item) => item switch
    {
        FlowItem.Changing changing => [changing.Text],
        FlowItem.Row row => row.Cells.Where(cell => !cell.IsConstant),
        _ => [],
    };

    static bool IsWideEnough(FlowText text) => text.Parts.All(part => part.Cells is not null
        || text.WidthEm >= (part.Field.Format == FieldFormat.Text ? TextBytesEm : FormattedBytesEm));

    static void Count(FlowText text, Dictionary<(FieldSource, int), int> uses)
    {
        foreach (var part in text.Parts.Where(part => part.Cells is null))
        {
            var field = (part.Field.Source, part.Field.Column);
            uses[field] = uses.GetValueOrDefault(field) + 1;
        }
    }

    static int LinesMax(FlowText text, LetterLayout layout)
    {
        long width = 0;
        var forced = 0;
        foreach (var cell in text.Parts.Where(part => part.Cells is not null).SelectMany(part => part.Cells!))
        {
            forced += (cell & GlyphCell.LineEnd) != 0 ? 1 : 0;
            width += layout.Fonts.Widths.Of(0, cell) + layout.Fonts.Widths.Widest;
        }

        return (int)(width * 2 / text.WidthEm) + forced + text.Parts.Length + 2;
    }
}
