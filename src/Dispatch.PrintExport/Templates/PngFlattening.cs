using System.Buffers.Binary;

namespace Dispatch.PrintExport.Templates;

/// <summary>
/// Brings rows of a PNG to gray or RGB: looks colours up in the palette and lays alpha on white paper.
/// </summary>
sealed class PngFlattening
{
    const int White = 255;

    readonly PictureHeader _header;
    readonly byte[]? _palette;
    readonly byte[] _key;
    readonly byte[] _row;
    readonly string _name;

    /// <param name="palette">RGB triples; null when the picture has none.</param>
    /// <param name="transparent">The tRNS chunk: alpha of palette entries,
    /// or the one colour that is transparent.</param>
    public PngFlattening(string name, byte[]? palette, byte[] transparent, PictureHeader header)
    {
        _name = name;
        _header = header;
        _palette = palette is null ? null : OnWhite(name, palette, transparent);
        _row = new byte[header.Width * (header.IsGray ? 1 : 3)];
        var keyChannels = header.IsGray ? 1 : 3;
        _key = palette is null && header.Channels == keyChannels && transparent.Length == keyChannels * 2
            ? [.. Enumerable.Range(0, keyChannels)
                .Select(i => (byte)BinaryPrimitives.ReadUInt16BigEndian(transparent.AsSpan(i * 2)))]
            : [];
    }

    /// <summary>The row in gray or RGB; valid until the next one.</summary>
    public ReadOnlySpan<byte> Row(ReadOnlySpan<byte> pixels)
    {
        if (_palette is not null)
        {
            LookUp(pixels, _palette);
            return _row;
        }

        var colours = _header.IsGray ? 1 : 3;
        if (_header.Channels > colours)
        {
            LayOnWhite(pixels, colours);
            return _row;
        }

        pixels.CopyTo(_row);
        for (var at = 0; _key.Length > 0 && at < _row.Length; at += colours)
        {
            if (_row.AsSpan(at, colours).SequenceEqual(_key))
            {
                _row.AsSpan(at, colours).Fill(White);
            }
        }

        return _row;
    }

    static byte[] OnWhite(string name, byte[] palette, byte[] alphas)
    {
        if (palette.Length == 0 || palette.Length % 3 != 0 || palette.Length > 768)
        {
            throw AssetFault.Corrupt(name, "its palette is missing or broken");
        }

        var flat = (byte[])palette.Clone();
        for (var i = 0; i < flat.Length; i++)
        {
            flat[i] = i / 3 < alphas.Length ? Mix(flat[i], alphas[i / 3]) : flat[i];
        }

        return flat;
    }

    static byte Mix(int colour, int alpha) => (byte)((colour * alpha + White * (255 - alpha) + 127) / 255);

    void LookUp(ReadOnlySpan<byte> pixels, byte[] palette)
    {
        for (var x = 0; x < pixels.Length; x++)
        {
            if (pixels[x] * 3 >= palette.Length)
            {
                throw AssetFault.Corrupt(_name, "a pixel names a colour its palette does not have");
            }

            palette.AsSpan(pixels[x] * 3, 3).CopyTo(_row.AsSpan(x * 3));
        }
    }

    void LayOnWhite(ReadOnlySpan<byte> pixels, int colours)
    {
        var at = 0;
        for (var from = 0; from < pixels.Length; from += colours + 1)
        {
            var alpha = pixels[from + colours];
            for (var i = 0; i < colours; i++)
            {
                _row[at++] = Mix(pixels[from + i], alpha);
            }
        }
    }
}
