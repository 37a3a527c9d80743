using System.IO.Compression;
using System.Text;
using Dispatch.PrintExport.Templates;

namespace Dispatch.PrintExport.Pdf;

/// <summary>Writes a picture as an image XObject: JPEG as it is where that is allowed, all else packed row by
/// row.</summary>
static class PictureObject
{
    /// <param name="isColour">False: only gray pictures may come out.</param>
    /// <returns>The object's number.</returns>
    public static int Write(PdfObjects objects, LetterPicture picture, bool isColour)
    {
        var header = picture.Header;
        var isJpeg = JpegPicture.IsJpeg(picture.Bytes);
        var isGray = header.IsGray || !isColour;
        var number = objects.Reserve();
        var entries = Encoding.ASCII.GetBytes(
            $"/Type/XObject/Subtype/Image/Width {header.Width}/Height {header.Height}/BitsPerComponent 8"
                + $"/ColorSpace/{(isGray ? "DeviceGray" : "DeviceRGB")}");
        if (isJpeg && header.IsGray == isGray)
        {
            objects.WriteEncoded(number, entries, "/Filter/DCTDecode"u8, picture.Bytes);
            return number;
        }

        var packed = new MemoryStream();
        using (var pixels = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            if (isJpeg)
            {
                JpegPicture.ReadBrightness(picture.Name, picture.Bytes, header, pixels.Write);
            }
            else
            {
                var gray = new byte[isGray && !header.IsGray ? header.Width : 0];
                PngPicture.ReadRows(
                    picture.Name, picture.Bytes, header, row => pixels.Write(gray.Length == 0 ? row : Gray(row, gray)));
            }
        }

        objects.WriteEncoded(
            number, entries, "/Filter/FlateDecode"u8, packed.GetBuffer().AsSpan(0, (int)packed.Length));
        return number;
    }

    /// <summary>Brightness as television weighs it (ITU-R BT.601), like the Y of a JPEG.</summary>
    static ReadOnlySpan<byte> Gray(ReadOnlySpan<byte> row, byte[] gray)
    {
        for (var x = 0; x < gray.Length; x++)
        {
            gray[x] = (byte)((row[x * 3] * 299 + row[x * 3 + 1] * 587 + row[x * 3 + 2] * 114 + 500) / 1000);
        }

        return gray;
    }
}
