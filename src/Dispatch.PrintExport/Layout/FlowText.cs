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
        new([.. runs.Select(run => letter.PartOf(run, style))], type, left, width, alignment, letter.Fonts.Widths);

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
