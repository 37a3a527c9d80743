using System.Text;
using Dispatch.PrintExport.Pdf;

namespace Dispatch.PrintExport.Layout;

/// <summary>
/// From code points to cells, for one style: its own face first, then the fallback faces in their order.
/// </summary>
sealed class GlyphMap
{
    const int BasicCount = 0x10000;
    const int NoBreakSpace = 0xA0;
    const int SoftHyphen = 0xAD;
    const int Hyphen = 0x2010;
    const int NoBreakHyphen = 0x2011;

    readonly uint[] _basic = new uint[BasicCount];
    readonly Dictionary<int, uint> _others = [];

    /// <param name="fonts">All faces of the set.</param>
    /// <param name="kernings">Of each face.</param>
    /// <param name="order">Indices of the faces to ask, first to last.</param>
    public GlyphMap(TrueTypeFont[] fonts, Kerning[] kernings, IReadOnlyList<int> order)
    {
        foreach (var index in order)
        {
            foreach (var (codePoint, glyph) in fonts[index].CharacterMap())
            {
                Add(codePoint, GlyphCell.Of(index, glyph) | (kernings[index].IsFirst(glyph) ? GlyphCell.Kerns : 0));
            }
        }

        var space = _basic[' '];
        _basic[NoBreakSpace] = _basic[NoBreakSpace] == 0 ? space : _basic[NoBreakSpace];
        var hyphen = _basic['-'];
        _basic[NoBreakHyphen] = _basic[NoBreakHyphen] == 0 ? hyphen : _basic[NoBreakHyphen];
        _basic[Hyphen] = Flagged(_basic[Hyphen] == 0 ? hyphen : _basic[Hyphen], GlyphCell.Hyphen);
        _basic['-'] = Flagged(hyphen, GlyphCell.Hyphen);
        Array.Clear(_basic, 0, ' ');
        _basic[' '] = space | GlyphCell.Space;
        _basic['\t'] = space | GlyphCell.Space;
        _basic['\n'] = GlyphCell.LineEnd;
        _basic['\r'] = GlyphCell.Nothing;
        _basic[SoftHyphen] = hyphen == 0 ? GlyphCell.Nothing : hyphen | GlyphCell.SoftHyphen;
        for (var figure = '0'; figure <= '9'; figure++)
        {
            _basic[figure] = Flagged(_basic[figure], GlyphCell.Figure);
        }

        (int, int)[] marks = [(0x300, 0x36F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F)];
        foreach (var (first, last) in marks)
        {
            for (var codePoint = first; codePoint <= last; codePoint++)
            {
                _basic[codePoint] |= GlyphCell.Combining;
            }
        }
    }

    /// <summary>Cells of the code points up to U+FFFF, indexed by them.</summary>
    public ReadOnlySpan<uint> Basic => _basic;

    public uint this[Rune rune] => rune.Value < BasicCount ? _basic[rune.Value] : _others.GetValueOrDefault(rune.Value);

    static uint Flagged(uint cell, uint flag) => cell == 0 ? 0 : cell | flag;

    void Add(int codePoint, uint cell)
    {
        if (codePoint >= BasicCount)
        {
            _others.TryAdd(codePoint, cell);
        }
        else if (_basic[codePoint] == 0)
        {
            _basic[codePoint] = cell;
        }
    }
}
