namespace Dispatch.PrintExport.Layout;

/// <summary>
/// One character on its way to the page, in 32 bits: its glyph in the low 16, its font (an index into the font set) in the
/// next 8, flags above. 0 means that no font has the character.
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

    const uint NotDrawn = LineEnd | Nothing;

    public static uint Of(int font, ushort glyph) => (uint)font << 16 | glyph;

    public static int Glyph(uint cell) => (ushort)cell;

    public static int Font(uint cell) => (int)(cell >> 16 & 0xFF);

    public static bool IsDrawn(uint cell) => (cell & NotDrawn) == 0;
}
