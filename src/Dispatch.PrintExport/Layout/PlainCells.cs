using Dispatch.PrintExport.Templates;
using Dispatch.Routing.Rules;

namespace Dispatch.PrintExport.Layout;

/// <summary>
/// How long plain values can be that surely fit the table cells they stand in: a row is never split over pages. The
/// bound is that of <see cref="PlainValues"/>: two lines that follow each other take more than one line's width.
/// </summary>
static class PlainCells
{
    /// <summary>A name that needs no measuring fits seven lines of the window.</summary>
    const int NameLinesMax = 7;

    const int NameEmMax = NameLinesMax * 27_000;

    /// <summary>No constant text or name fills a row alone.</summary>
    public static bool HaveRoom(LetterLayout layout) => Cells(layout).All(cell => RoomOf(cell, layout) >= 0);

    /// <summary>Bytes for every column of the letter; <see cref="int.MaxValue"/> for one that stands in no
    /// table.</summary>
    public static int[] BytesMax(LetterLayout layout)
    {
        var bytesMax = layout.Template.Columns.Select(_ => int.MaxValue).ToArray();
        foreach (var cell in Cells(layout))
        {
            var fields = cell.Parts.Where(IsColumn).ToList();
            var lines = fields.Count == 0 ? 0 : Math.Max(0, RoomOf(cell, layout)) / fields.Count;
            var letters = (int)((long)lines * cell.WidthEm / (2 * PlainValues.LetterEmMax));
            foreach (var part in fields)
            {
                ref var bytes = ref bytesMax[part.Field.Column];
                bytes = Math.Min(bytes, part.Field.Format == FieldFormat.Text ? letters : ValueBytes(letters));
            }
        }

        return bytesMax;
    }

    static IEnumerable<FlowText> Cells(LetterLayout layout) =>
        layout.Items.OfType<FlowItem.Row>().SelectMany(row => row.Cells).Where(cell => !cell.IsConstant);

    /// <summary>Lines left for the values of columns.</summary>
    static int RoomOf(FlowText cell, LetterLayout layout)
    {
        var names = cell.Parts.Count(part => part.Cells is null && !IsColumn(part));
        var lines = PlainValues.LinesMax(cell, layout) + names * (NameLinesMax + NameEmMax * 2 / cell.WidthEm);
        return TableCompiler.RowPlan.LinesOf(layout.RowHeightSure) - lines;
    }

    static bool IsColumn(FlowPart part) => part.Cells is null && part.Field.Source == FieldSource.Column;

    /// <summary>The longest value whose display has at most so many letters.</summary>
    static int ValueBytes(int letters) => Math.Max(0, letters - FieldFormats.DisplayBytesMax(0)) * 3 / 4;
}
