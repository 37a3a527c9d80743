using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Pdf;
using Dispatch.PrintExport.Templates;
using Dispatch.Routing;

namespace Dispatch.PrintExport.Tests.Templates;

/// <summary>
/// Pictures come from senders and are decoded inside the program. Whatever a file is, it is drawn or refused with a
/// code of its own, in memory that its header bounds.
/// </summary>
public sealed class PictureFuzzTests
{
    const int Files = 3_000;
    const int ComposedEach = 40;

    /// <summary>For one picture: its rows, tables and message, not its pixels.</summary>
    const int AllocatedBytesMax = 512 * 1024;

    static readonly string[] Codes = ["asset.corrupt", "asset.unsupported", "asset.too_large"];

    static readonly byte[][] Whole =
    [
        Some.Png(31, 17, 0), Some.Png(31, 17, 2), Some.Png(31, 17, 3), Some.Png(31, 17, 4), Some.Png(31, 17, 6),
        WithTransparency(Some.Png(31, 17, 2), 6), WithTransparency(Some.Png(31, 17, 3), 2), Jpeg("colour.jpg"),
        Jpeg("cmyk.jpg"), Jpeg("progressive.jpg"), BrokenPictures.BlankJpeg(33, 17, 1, 2, 0x11),
        BrokenPictures.BlankJpeg(33, 17, 3, 1, 0x22),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(20261123)]
    public void Read_AnyFile_IsDrawnOrRefused(int seed)
    {
        var broken = new BrokenPictures(seed);
        var found = Codes.ToDictionary(code => code, _ => 0);
        var drawn = 0;
        for (var number = 0; number < Files; number++)
        {
            var file = broken.Next(Whole[number % Whole.Length]);
            try
            {
                var picture = Read(file);
                Draw(picture, isWhole: drawn++ % ComposedEach == 0);
            }
            catch (DispatchException fault) when (fault.Exit == ExitCode.Refused && found.ContainsKey(fault.Code))
            {
                found[fault.Code]++;
            }
            catch (Exception fault) when (fault is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"File {number} of seed {seed}, {Convert.ToBase64String(file)}: {fault}");
            }
        }

        // So that neither the files nor the reader became so that nothing is tried.
        Assert.All(found, code => Assert.True(code.Value > Files / 200, $"{code.Key} came {code.Value} times only"));
        Assert.InRange(drawn, Files / 20, Files / 2);
    }

    [Fact]
    public void Read_WholeFiles_AreDrawn()
    {
        foreach (var file in Whole.Except([Whole[8], Whole[9]]))
        {
            Draw(Read(file), isWhole: true);
        }
    }

    static LetterPicture Read(byte[] file)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            return LetterPicture.Read("a.png", file);
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, AllocatedBytesMax);
        }
    }

    static void Draw(LetterPicture picture, bool isWhole)
    {
        Assert.InRange((long)picture.Header.Width * picture.Header.Height, 1, 40_000_000);
        foreach (var isColour in new[] { false, true })
        {
            using var objects = new PdfObjects(new MemoryStream());
            PictureObject.Write(objects, picture, isColour);
        }

        if (isWhole)
        {
            var template = LetterTemplate.Parse(
                "![a](a.png)\n\nHej\n", "letter.md", new Dictionary<string, byte[]> { ["a.png"] = picture.Bytes });
            var layout = LetterLayout.Create(template, Some.Setting(), Some.Fonts);
            Assert.NotEmpty(Some.File(layout, Some.Values([])));
        }
    }

    static byte[] WithTransparency(byte[] png, int bytes) =>
        [.. png[..^12], .. Some.PngChunk("tRNS", new byte[bytes]), .. png[^12..]];

    static byte[] Jpeg(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Pictures", name));
}
