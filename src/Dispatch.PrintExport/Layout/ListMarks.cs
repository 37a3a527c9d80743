using System.Globalization;
using Dispatch.PrintExport.Templates;

namespace Dispatch.PrintExport.Layout;

/// <summary>The marks of a list's items, and how far the items stand in: numbers stand right-aligned at their full
/// stops, and the widest of them keeps clear of the text.</summary>
/// <param name="Indent">From the left edge of the list to its text.</param>
sealed record ListMarks(IReadOnlyList<(int Left, uint[] Cells)> Marks, int Indent)
{
    const int UsualIndent = 1600;
    const int BulletLeft = 400;
    const int NumberGap = 500;

    public static ListMarks Of(LetterBlock.ItemList list, LetterSurroundings letter, FlowFrame frame) =>
        list.FirstNumber is { } first ? Numbers(list, letter, frame, first) : Bullets(list, letter, frame);

    static ListMarks Bullets(LetterBlock.ItemList list, LetterSurroundings letter, FlowFrame frame)
    {
        var cells = letter.Cells(frame.ListDepth % 2 == 0 ? "\u2022" : "\u2013", TextStyle.Regular);
        return new([.. list.Items.Select(_ => (frame.Left + BulletLeft, cells))], UsualIndent);
    }

    static ListMarks Numbers(LetterBlock.ItemList list, LetterSurroundings letter, FlowFrame frame, int first)
    {
        var numbers = list.Items.Select((item, i) =>
        {
            var number = (first + (long)i).ToString(CultureInfo.InvariantCulture);
            var cells = letter.Cells($"{number}.", TextStyle.Regular);
            return (Cells: cells, Width: letter.Width(cells, TypeOf(item).Size));
        }).ToList();
        var widest = numbers.Max(number => number.Width);
        return new(
            [.. numbers.Select(number => (frame.Left + widest - number.Width, number.Cells))],
            Math.Max(UsualIndent, widest + NumberGap));
    }

    /// <summary>A mark is set in the size of the text it stands before.</summary>
    static TypeSize TypeOf(LetterBlock.Item item) =>
        item.Blocks is [LetterBlock.Heading heading, ..] ? TypeSize.OfHeading(heading.Level) : TypeSize.Body;
}
