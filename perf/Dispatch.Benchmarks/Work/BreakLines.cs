using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Templates;

namespace Dispatch.Benchmarks.Work;

/// <summary>A long paragraph broken into lines.</summary>
sealed class BreakLines
{
    public const int Characters = Sentences * 94;

    const string Sentence =
        "Opgørelsen bygger på de oplysninger, vi har modtaget fra din arbejdsgiver, din bank og andre. ";

    const int Sentences = 100;
    const int WidthEm = 43_000;

    readonly GlyphWidths _widths;
    readonly uint[] _cells;
    readonly int[] _widthOfGlyph = new int[ushort.MaxValue + 1];
    readonly GrowingList<TextLine> _lines = new();

    public BreakLines(TaxList list)
    {
        var map = list.Fonts.Map(TextStyle.Regular);
        _widths = list.Fonts.Widths;
        _cells = [.. string.Concat(Enumerable.Repeat(Sentence, Sentences)).EnumerateRunes().Select(rune => map[rune])];
        foreach (var cell in _cells)
        {
            _widthOfGlyph[GlyphCell.Glyph(cell)] = _widths.Of(0, cell);
        }
    }

    /// <summary>No kerning, no lines: each character's width from a table.</summary>
    public int AddWidths()
    {
        var width = 0;
        foreach (var cell in _cells)
        {
            width += _widthOfGlyph[(ushort)cell];
        }

        return width;
    }

    public int Break()
    {
        _lines.Clear();
        LineBreaker.Break(_cells, 0, _cells.Length, _widths, WidthEm, _lines);
        return _lines.Count;
    }
}
