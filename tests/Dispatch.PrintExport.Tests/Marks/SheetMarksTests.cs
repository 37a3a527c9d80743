using System.Globalization;
using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Marks;
using Dispatch.PrintExport.Pdf;

namespace Dispatch.PrintExport.Tests.Marks;

public sealed class SheetMarksTests
{
    const string BatchName = "20260309-19552101-brev-dk-economy-c5-left-duplex-mono-s8-0001-0a1b2c3d";

    // Dots at 300 dpi.
    const int MarkLeft = 60;
    const int MarkTop = 1062;

    static readonly EnvelopeProfile Envelope = EnvelopeProfile.Find("C5-left");

    [ToolTheory("pdftoppm", "dmtxread")]
    [InlineData(true, 500)]
    [InlineData(false, 50)]
    public void Append_BatchWithMarks_SaysOfEverySheetWhatThePieceIs(bool isDuplex, int pieces)
    {
        // One, three or five pages each: so that under duplex blank backs stand between fronts.
        var layout = Some.Layout(
            "a\n\n{{#if x}}\n\n---\n\nb\n\n---\n\nc\n\n{{/if}}\n\n"
                + "{{#if y}}\n\n---\n\nd\n\n---\n\ne\n\n{{/if}}\n\n{{z}}",
            isDuplex);
        var expected = new List<string>();
        var file = File(layout, SheetMarkKind.DataMatrix, writer =>
        {
            for (var piece = 1; piece <= pieces; piece++)
            {
                var made = writer.Append(
                    Some.Values([piece % 3 == 0 ? "1" : "", piece % 5 == 0 ? "1" : "", $"{piece}"]));
                for (var sheet = 1; sheet <= made.Sheets; sheet++)
                {
                    expected.Add(string.Create(
                        CultureInfo.InvariantCulture,
                        $"0a1b2c3d{piece:D6}{sheet:D3}{made.Sheets:D3}{(sheet == made.Sheets ? 1 : 0)}"));
                }
            }
        });

        using var folder = new TemporaryFolder();
        Tool.Draw(file, folder.Path, 0, MarkTop - 12, 177, 132);
        var pages = Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(isDuplex ? expected.Count * 2 : expected.Count, pages.Count);
        if (isDuplex)
        {
            // No mark is on any back; what is left are the fronts.
            var blank = System.IO.File.ReadAllBytes(pages[1]);
            for (var page = 1; page < pages.Count; page += 2)
            {
                Assert.Equal(blank, System.IO.File.ReadAllBytes(pages[page]));
                System.IO.File.Delete(pages[page]);
            }
        }

        Assert.Equal(expected, Tool.ReadSymbols(folder.Path));
    }

    [ToolFact("pdftoppm", "dmtxread")]
    public void Append_PiecesOfOneEnvelope_AreMarkedAsOneThing()
    {
        // Two pages, then one: three sheets of envelope 1; then a piece alone.
        var layout = Some.Layout("a\n\n{{#if x}}\n\n---\n\nb\n\n{{/if}}");
        var file = File(layout, SheetMarkKind.DataMatrix, writer =>
        {
            writer.Append(Some.Values(["1"]), new(1, 0, 3));
            writer.Append(Some.Values([""]), new(1, 2, 3));
            writer.Append(Some.Values([""]), new(2, 0, 1));
        });

        using var folder = new TemporaryFolder();
        Tool.Draw(file, folder.Path, 0, MarkTop - 12, 177, 132);
        Assert.Equal(
            ["0000010010030", "0000010020030", "0000010030031", "0000020010011"],
            Tool.ReadSymbols(folder.Path).Select(symbol => symbol[8..]));
    }

    [ToolFact("pdftoppm")]
    public void Append_OmrMarks_CountSheetsAndTellTheLast()
    {
        var layout = Some.Layout("a\n\n{{#if x}}\n\n---\n\nb\n\n{{/if}}");
        var file = File(layout, SheetMarkKind.Omr, writer =>
        {
            for (var piece = 0; piece < 6; piece++)
            {
                writer.Append(Some.Values([piece % 2 == 0 ? "1" : ""]));
            }
        });

        // Top to bottom: always, last sheet, the sheet's number in 1 2 4, and what makes the bars even.
        string[] expected =
            ["|.|...", "||.|.|", "||||..", "|...|.", "|||.|.", "||.||.", "|.|||.", "||....", "|||..|"];
        using var folder = new TemporaryFolder();
        Tool.Draw(file, folder.Path, MarkLeft, MarkTop, 96, 246);
        Assert.Equal(expected, Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal).Select(Bars));
    }

    [Fact]
    public void Append_WithoutMarks_LeavesTheEdgeFree()
    {
        var layout = Some.Layout("a");
        var none = File(layout, SheetMarkKind.None, writer => writer.Append(Some.Values([])));
        Assert.Equal(Some.File(layout, Some.Values([])).Length, none.Length);
        Assert.NotEqual(none.Length, File(layout, SheetMarkKind.Omr, writer => writer.Append(Some.Values([]))).Length);
    }

    [Fact]
    public void Append_ThousandsOfMarks_AllocatesNothingPerMark()
    {
        var layout = Some.Layout("a");
        var values = Some.Values([]);
        using var writer = new LetterFileWriter(
            Stream.Null, layout, "x", new SheetMarks(SheetMarkKind.DataMatrix, Envelope, BatchName));

        // Until the buffer has the size it is emptied at.
        for (var i = 0; i < 2_000; i++)
        {
            writer.Append(values);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 2_000; i++)
        {
            writer.Append(values);
        }

        // The cross-reference table keeps 8 bytes an object and doubles when it grows.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 2_000, 0, 100);
    }

    static string Bars(string picture)
    {
        const int Pitch = 48;
        var (pixels, width) = Tool.Pixels(picture);
        return string.Concat(Enumerable.Range(0, 6).Select(
            bar => pixels[(bar * Pitch + 3) * width + width / 2] < 128 ? '|' : '.'));
    }

    static byte[] File(LetterLayout layout, SheetMarkKind kind, Action<LetterFileWriter> append)
    {
        var output = new MemoryStream();
        using var writer = new LetterFileWriter(output, layout, "prøve", new SheetMarks(kind, Envelope, BatchName));
        append(writer);
        writer.Finish();
        return output.ToArray();
    }
}
