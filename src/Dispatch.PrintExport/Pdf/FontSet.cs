using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Templates;

namespace Dispatch.PrintExport.Pdf;

/// <summary>The faces letters are set in, read once. Immutable.</summary>
public sealed class FontSet
{
    const int StyleCount = 4;

    readonly GlyphMap[] _maps;

    FontSet(TrueTypeFont[] fonts)
    {
        Fonts = fonts;
        Advances = [.. fonts.Select(font => font.Advances)];
        Hashes = [.. fonts.Select(font => font.Hash)];
        var fallback = Enumerable.Range(StyleCount, fonts.Length - StyleCount);
        _maps = [.. Enumerable.Range(0, StyleCount).Select(style => new GlyphMap(fonts, [style, .. fallback]))];
    }

    /// <summary>SHA-256 of every font file, lower-case hex: regular, bold, italic, bold italic, then the fallback faces.
    /// </summary>
    public IReadOnlyList<string> Hashes { get; }

    /// <summary>The four styles in the order of <see cref="TextStyle"/>, then the fallback faces.</summary>
    internal TrueTypeFont[] Fonts { get; }

    /// <summary>Advance widths by font and glyph, thousandths of an em.</summary>
    internal ushort[][] Advances { get; }

    /// <summary>Reads the font files.</summary>
    /// <exception cref="Dispatch.Routing.DispatchException">
    /// <c>font.missing</c> or <c>asset.font</c> (broken, or may not be embedded), both exit 78.
    /// </exception>
    public static FontSet Load(FontSettings settings) => new(
    [
        TrueTypeFont.Load(settings.Regular),
        TrueTypeFont.Load(settings.Bold),
        TrueTypeFont.Load(settings.Italic),
        TrueTypeFont.Load(settings.BoldItalic),
        .. settings.Fallback.Select(TrueTypeFont.Load),
    ]);

    internal GlyphMap Map(TextStyle style) => _maps[(int)style];
}
