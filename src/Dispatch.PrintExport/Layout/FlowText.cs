using Dispatch.PrintExport.Templates;

namespace Dispatch.PrintExport.Layout;

/// <summary>Running text in a column: its constant stretches as cells already, its merge fields between them.</summary>
sealed class FlowText
{
    readonly TextLine[] _constantLines;

    FlowText(FlowPart[] parts, TypeSize type, int left, int width, CellAlignment alignment, GlyphWidths widths)
    {
        Parts = parts;
        Type = type;
        Left = left;
        Width = width;
        Alignment = alignment;
        WidthEm = Math.Max(0, (int)(width * 1000L / type.Size));
        IsConstant = parts.All(part => part.Cells is not null);
        ConstantCells = IsConstant ? [.. parts.SelectMany(part => part.Cells!)] : [];
        var lines = new GrowingList<TextLine>();
        LineBreaker.Break(ConstantCells, 0, ConstantCells.Length, widths, WidthEm, lines);
        _constantLines = lines.Items.ToArray();
    }

    public FlowPart[] Parts { get; }

    public TypeSize Type { get; }

    /// <summary>From the left edge of the page.</summary>
    public int Left { get; }

    public int Width { get; }

    /// <summary>Room for a line, in thousandths of an em.</summary>
    public int WidthEm { get; }

    public CellAlignment Alignment { get; }

    /// <summary>The same in every letter; then it is broken into lines already.</summary>
    public bool IsConstant { get; }

    public uint[] ConstantCells { get; }

    public ReadOnlySpan<TextLine> ConstantLines => _constantLines;

    public static FlowText Create(
        IReadOnlyList<LetterRun> runs, TypeSize type, TextStyle style, LetterSurroundings letter, int left, int width,
        CellAlignment alignment = CellAlignment.Left) =>
        new([.. PartsOf(runs, style, letter)], type, left, width, alignment, letter.Fonts.Widths);

    // Runs that differ in nothing but the line of the file they stand on are one part to the loops over every letter.
    static List<FlowPart> PartsOf(IReadOnlyList<LetterRun> runs, TextStyle style, LetterSurroundings letter)
    {
        var parts = new List<FlowPart>(runs.Count);
        for (var i = 0; i < runs.Count; i++)
        {
            var part = letter.PartOf(runs[i], style);
            if (i > 0 && runs[i - 1] is LetterRun.Text before && runs[i] is LetterRun.Text text
                && before.Style == text.Style)
            {
                parts[^1] = parts[^1] with { Cells = [.. parts[^1].Cells!, .. part.Cells!] };
            }
            else
            {
                parts.Add(part);
            }
        }

        return parts;
    }

    /// <summary>Where a line starts, from the left edge of the page.</summary>
    public int LineLeft(int lineWidthEm)
    {
        var slack = Width - (int)((long)lineWidthEm * Type.Size / 1000);
        return Alignment switch
        {
            CellAlignment.Right => Left + slack,
            CellAlignment.Center => Left + slack / 2,
            _ => Left,
        };
    }
}
