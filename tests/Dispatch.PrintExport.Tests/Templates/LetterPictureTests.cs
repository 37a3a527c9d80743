using System.IO.Compression;
using Dispatch.PrintExport.Templates;
using Dispatch.Routing;

namespace Dispatch.PrintExport.Tests.Templates;

public sealed class LetterPictureTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    public void Read_PngOfEveryColourType_GivesItsSize(byte colourType)
    {
        var picture = LetterPicture.Read("a.png", Some.Png(31, 17, colourType));
        Assert.Equal((31, 17), (picture.Header.Width, picture.Header.Height));
    }

    [Fact]
    public void ReadRows_TransparentPixels_AreWhite()
    {
        byte[] pixels = [0, 10, 20, 30, 0, 10, 20, 30, 255];
        var rows = new List<byte[]>();
        var file = Picture(2, 1, 6, pixels);
        PngPicture.ReadRows("a.png", file, PngPicture.ReadHeader("a.png", file), row => rows.Add(row.ToArray()));
        Assert.Equal([255, 255, 255, 10, 20, 30], Assert.Single(rows));
    }

    [Fact]
    public void Read_BaselineJpeg_DecodesBrightness()
    {
        var file = Jpeg("colour.jpg");
        var rows = new List<byte[]>();
        var picture = LetterPicture.Read("a.jpg", file);
        JpegPicture.ReadBrightness("a.jpg", file, picture.Header, row => rows.Add(row.ToArray()));

        Assert.Equal((34, 47), (picture.Header.Width, picture.Header.Height));
        Assert.Equal(47, rows.Count);
        Assert.All(rows[0], pixel => Assert.InRange(pixel, (byte)245, (byte)255));
        Assert.Contains(rows, row => row.Any(pixel => pixel < 230));
    }

    [Theory]
    [InlineData("cmyk.jpg")]
    [InlineData("progressive.jpg")]
    public void Read_OtherJpeg_IsUnsupported(string name) => Refuses("asset.unsupported", name, Jpeg(name));

    [Fact]
    public void Read_OtherPngOrFormat_IsUnsupported()
    {
        Refuses("asset.unsupported", "a.png", Some.Png(4, 4, interlace: 1));
        Refuses("asset.unsupported", "a.png", Some.Png(4, 4, depth: 16));
        Refuses("asset.unsupported", "a.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray());
        Refuses("asset.unsupported", "a.png", "<?xml version='1.0'?><svg/>"u8.ToArray());
        Refuses("asset.unsupported", "a.gif", "GIF89a\u0001"u8.ToArray());
        var animated = Some.Png(4, 4);
        var chunk = Some.PngChunk("acTL", new byte[8]);
        Refuses("asset.unsupported", "a.png", [.. animated[..33], .. chunk, .. animated[33..]]);
    }

    [Fact]
    public void Read_BrokenFile_IsCorrupt()
    {
        var png = Some.Png(20, 20);
        Refuses("asset.corrupt", "a.png", png[..^20]);
        Refuses("asset.corrupt", "a.png", png[..20]);
        Refuses("asset.corrupt", "a.png", Some.Png(20, 20, rows: 7));
        Refuses("asset.corrupt", "a.png", []);
        Refuses("asset.corrupt", "a.png", "no picture at all"u8.ToArray());
        png[60] ^= 1;
        Refuses("asset.corrupt", "a.png", png);
        var jpeg = Jpeg("colour.jpg");
        Refuses("asset.corrupt", "a.jpg", jpeg[..^100]);
        Refuses("asset.corrupt", "a.jpg", jpeg[..50]);
        Refuses("asset.corrupt", "a.jpg", [0xFF, 0xD8, 0xFF, 0xD9]);
    }

    [Fact]
    public void Parse_PicturesTooLargeTogether_AreRefused()
    {
        var page = Some.Png(6_000, 6_000, colourType: 0);
        var pictures = new Dictionary<string, byte[]> { ["a.png"] = page, ["b.png"] = page, ["c.png"] = page };

        var fault = Assert.Throws<DispatchException>(
            () => LetterTemplate.Parse(
                "![a](a.png)\n\n![b](b.png)\n\n![c](c.png)\n\n![a](a.png)\n", "letter.md", pictures));

        Assert.Equal("asset.too_large", fault.Code);
        Assert.Contains("'c.png'", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(30_000, 30_000)]
    [InlineData(10_001, 1)]
    [InlineData(8_000, 8_000)]
    public void Read_Bomb_IsTooLargeBeforeAnyPixelIsRead(int width, int height)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refuses("asset.too_large", "a.png", Some.Png(width, height, colourType: 0, rows: 0));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    static void Refuses(string code, string name, byte[] file)
    {
        var fault = Assert.Throws<DispatchException>(() => LetterPicture.Read(name, file));
        Assert.Equal((code, ExitCode.Refused), (fault.Code, fault.Exit));
    }

    static byte[] Jpeg(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Pictures", name));

    static byte[] Picture(int width, int height, byte colourType, byte[] rows)
    {
        var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Optimal, true))
        {
            stream.Write(rows);
        }

        var like = Some.Png(width, height, colourType);
        return [.. like[..33], .. Some.PngChunk("IDAT", packed.ToArray()), .. Some.PngChunk("IEND", [])];
    }
}
