using System.Security.Cryptography;
using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Templates;

namespace Dispatch.PrintExport.Pdf;

/// <summary>The faces letters are set in, read once. Immutable.</summary>
public sealed class FontSet
{
    const int StyleCount = 4;

    static readonly string KerningHash = Convert.ToHexStringLower(SHA256.HashData("kerning"u8));

    readonly GlyphMap[] _maps;

    FontSet(TrueTypeFont[] fonts, bool isKerned)
    {
        Fonts = fonts;
        Kerning[] kernings = [.. fonts.Select(font => isKerned ? Kerning.Read(font) : Kerning.None(font.GlyphCount))];
        Widths = new(fonts, kernings);
        Hashes = [.. fonts.Select(font => font.Hash), .. isKerned ? [KerningHash] : Array.Empty<string>()];
        var fallback = Enumerable.Range(StyleCount, fonts.Length - StyleCount);
        _maps =
            [.. Enumerable.Range(0, StyleCount).Select(style => new GlyphMap(fonts, kernings, [style, .. fallback]))];
    }

    /// <summary>
    /// What the bytes of a letter depend on, as SHA-256 in lower-case hex: every font file (regular, bold, italic, bold
    /// italic, then the fallback faces), and the word <c>kerning</c> where letters are kerned.
    /// </summary>
    public IReadOnlyList<string> Hashes { get; }

    /// <summary>The files behind it, in the order of the hashes.</summary>
    public IEnumerable<FontFile> Files => Fonts.Select(font => new FontFile(font.Hash, font.Bytes));

    /// <summary>The four styles in the order of <see cref="TextStyle"/>, then the fallback faces.</summary>
    internal TrueTypeFont[] Fonts { get; }

    /// <summary>Widths by font and glyph.</summary>
    internal GlyphWidths Widths { get; }

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
        ],
        settings.Kerning);

    /// <summary>The set another set's <see cref="Hashes"/> tell of, from kept files.</summary>
    /// <param name="files">The bytes of every font file, by SHA-256 in lower-case hex.</param>
    public static FontSet Restore(IReadOnlyList<string> hashes, IReadOnlyDictionary<string, byte[]> files)
    {
        var isKerned = hashes[^1] == KerningHash;
        return new([.. hashes.SkipLast(isKerned ? 1 : 0).Select(hash => TrueTypeFont.Read(files[hash]))], isKerned);
    }

    /// <summary>Which of another set's <see cref="Hashes"/> are files.</summary>
    public static IEnumerable<string> FilesOf(IEnumerable<string> hashes) => hashes.Where(hash => hash != KerningHash);

    internal GlyphMap Map(TextStyle style) => _maps[(int)style];
}
