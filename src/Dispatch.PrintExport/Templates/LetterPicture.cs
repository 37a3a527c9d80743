namespace Dispatch.PrintExport.Templates;

/// <summary>A picture of the letter, proved readable: PNG or baseline JPEG.</summary>
sealed class LetterPicture
{
    /// <summary>Pixels per inch of a picture that does not say.</summary>
    const int UsualDensity = 150;

    LetterPicture(string name, byte[] bytes, PictureHeader header)
    {
        Name = name;
        Bytes = bytes;
        Header = header;
    }

    public string Name { get; }

    /// <summary>The file.</summary>
    public byte[] Bytes { get; }

    public PictureHeader Header { get; }

    /// <summary>Reads a picture whole, so that one that is broken is refused before anything is accepted.</summary>
    /// <exception cref="Dispatch.Routing.DispatchException">
    /// <c>asset.corrupt</c>, <c>asset.unsupported</c>, <c>asset.too_large</c>.
    /// </exception>
    /// <param name="pixelsLeft">As many pixels as the letter's other pictures leave it.</param>
    public static LetterPicture Read(string name, byte[] bytes, long pixelsLeft = LetterLimits.PixelsMax)
    {
        if (PngPicture.IsPng(bytes))
        {
            var header = PngPicture.ReadHeader(name, bytes);
            header.CheckPixels(name, pixelsLeft);
            PngPicture.ReadRows(name, bytes, header, static _ => { });
            return new(name, bytes, header);
        }

        if (JpegPicture.IsJpeg(bytes))
        {
            var header = JpegPicture.ReadHeader(name, bytes);
            header.CheckPixels(name, pixelsLeft);
            JpegPicture.ReadBrightness(name, bytes, header);
            return new(name, bytes, header);
        }

        var isNamedSupported = Path.GetExtension(name).ToLowerInvariant() is ".png" or ".jpg" or ".jpeg";
        throw isNamedSupported && !IsOtherKind(bytes)
            ? AssetFault.Corrupt(name, "it does not begin like a PNG or JPEG file")
            : AssetFault.Unsupported(name, "neither PNG nor JPEG");
    }

    /// <summary>Size on paper, in hundredths of a point: by its own density, made smaller where it would not
    /// fit.</summary>
    public (int Width, int Height) SizeWithin(int widthMax, int heightMax)
    {
        var density = Header.Density is >= 72 and <= 1200 ? Header.Density : UsualDensity;
        var width = Header.Width * 7200L / density;
        var height = Header.Height * 7200L / density;
        if (width > widthMax)
        {
            (width, height) = (widthMax, height * widthMax / width);
        }

        if (height > heightMax)
        {
            (width, height) = (width * heightMax / height, heightMax);
        }

        return ((int)Math.Max(1, width), (int)Math.Max(1, height));
    }

    /// <summary>Known beginnings of what people put in by mistake: SVG and other XML, GIF, WebP, BMP, TIFF,
    /// PDF.</summary>
    static bool IsOtherKind(ReadOnlySpan<byte> bytes)
    {
        var start = bytes.TrimStart(" \t\r\n\uFEFF"u8);
        return start.StartsWith("<"u8) || start.StartsWith("GIF8"u8) || start.StartsWith(
            "RIFF"u8) || start.StartsWith("BM"u8)
            || start.StartsWith("II*\0"u8) || start.StartsWith("MM\0*"u8) || start.StartsWith("%PDF"u8);
    }
}
