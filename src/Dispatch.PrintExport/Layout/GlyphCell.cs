namespace Dispatch.PrintExport.Layout;

/// <summary>
/// One character on its way to the page, in 32 bits: its glyph in the low 16, its font (an index into the font set) in
/// the next 8, flags above. 0 means that no font has the character.
/// </summary>
static class GlyphCell
{
    /// <summary>A line may break here, and the space is not drawn at a line's end.</summary>
    public const uint Space = 1u << 24;

    /// <summary>The line ends here.</summary>
    public const uint LineEnd = 1u << 25;

    /// <summary>Takes no room and is not drawn.</summary>
    public const uint Nothing = 1u << 26;

    /// <summary>A combining mark: the text must be brought to NFC before it is set.</summary>
    public const uint Combining = 1u << 27;

    /// <summary>A line may break here, and only then the hyphen is drawn that is the cell's glyph.</summary>
    public const uint SoftHyphen = 1u << 28;

    /// <summary>A line may break behind it, between the letters of two words.</summary>
    public const uint Hyphen = 1u << 29;

    /// <summary>A figure: no line breaks at a hyphen beside it.</summary>
    public const uint Figure = 1u << 30;

    /// <summary>Some glyphs stand closer behind it: spares a look-up for all others.</summary>
    public const uint Kerns = 1u << 31;

    const uint NotDrawn = LineEnd | Nothing | SoftHyphen;
    const uint NoLetter = NotDrawn | Space | Hyphen | Figure;

    public static uint Of(int font, ushort glyph) => (uint)font << 16 | glyph;

    public static int Glyph(uint cell) => (ushort)cell;

    public static int Font(uint cell) => (int)(cell >> 16 & 0xFF);

    public static bool IsDrawn(uint cell) => (cell & NotDrawn) == 0;

    public static bool IsLetter(uint cell) => (cell & NoLetter) == 0;
}
