using Dispatch.PrintExport.Pdf;

namespace Dispatch.PrintExport.Layout;

/// <summary>Widths as letters are set: advance widths, and the kerning of neighbours in one face.</summary>
sealed class GlyphWidths(TrueTypeFont[] fonts, Kerning[] kernings)
{
    readonly ushort[][] _advances = [.. fonts.Select(font => font.Advances)];

    /// <summary>The most kerning sets two letters apart.</summary>
    public int Widest { get; } = kernings.Max(kerning => kerning.Widest);

    /// <summary>Thousandths of an em a cell takes behind <paramref name="before"/>; 0 stands for the start of a
    /// line.</summary>
    public int Of(uint before, uint cell) =>
        _advances[GlyphCell.Font(cell)][GlyphCell.Glyph(cell)] + Between(before, cell);

    /// <summary>By how much a cell stands away from the one before it (or closer, when negative).</summary>
    public int Between(uint before, uint cell) =>
        (before & GlyphCell.Kerns) != 0 && GlyphCell.Font(before) == GlyphCell.Font(cell)
            ? kernings[GlyphCell.Font(cell)].Between(GlyphCell.Glyph(before), GlyphCell.Glyph(cell))
            : 0;

    /// <summary>Width of some cells on one line; a soft hyphen takes no room.</summary>
    public int Sum(ReadOnlySpan<uint> cells)
    {
        var (width, before) = (0, 0u);
        foreach (var cell in cells)
        {
            if (GlyphCell.IsDrawn(cell))
            {
                width += Of(before, cell);
                before = cell;
            }
        }

        return width;
    }

    /// <summary>The widest of these cells, wherever among each other they stand.</summary>
    public int WidestOf(ReadOnlySpan<uint> cells)
    {
        var widest = 0;
        foreach (var cell in cells)
        {
            foreach (var before in cells)
            {
                widest = Math.Max(widest, Of(before, cell));
            }
        }

        return widest;
    }
}
