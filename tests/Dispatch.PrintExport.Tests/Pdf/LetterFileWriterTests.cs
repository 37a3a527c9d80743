using System.Text;
using Dispatch.PrintExport.Pdf;
using Dispatch.Routing;
using FsCheck.Fluent;

namespace Dispatch.PrintExport.Tests.Pdf;

public sealed class LetterFileWriterTests
{
    [Fact]
    public void Append_SameLetters_GiveSameBytes()
    {
        var pieces = Enumerable.Range(0, 50).Select(i => Some.TaxValues(i)).ToArray();
        var first = Some.File(Some.Layout(Some.TaxLetter), pieces);
        Assert.Equal(first, Some.File(Some.Layout(Some.TaxLetter), pieces));
        Assert.NotEqual(first, Some.File(Some.Layout(Some.TaxLetter), [.. pieces.Reverse()]));
    }

    [ToolFact("pdftotext")]
    public void Append_TaxLetters_ShowEachPieceItsOwnValues()
    {
        var layout = Some.Layout(Some.TaxLetter);
        var pages = Tool.Text(
            Some.File(layout, Some.TaxValues(1), Some.TaxValues(3, "Bo Ek\nc/o Ib\nVej 1\n8000 Aarhus C")));

        Assert.Equal(4, pages.Length);
        Assert.Contains("Kære Åse Ærøe", pages[0], StringComparison.Ordinal);
        Assert.Contains(
            "Du får 2.001,00 kr. tilbage. Pengene står på din NemKonto den 1. maj 2026.",
            pages[0],
            StringComparison.Ordinal);
        Assert.Contains("-121.249,11", pages[0], StringComparison.Ordinal);
        Assert.DoesNotContain("restskat", pages[0], StringComparison.Ordinal);
        Assert.Contains("side 2 af 2", pages[1], StringComparison.Ordinal);
        Assert.Contains("ÆrøKommune", Tool.WithoutSpace(pages[1]), StringComparison.Ordinal);
        Assert.Contains("c/o Ib", pages[2], StringComparison.Ordinal);
        Assert.Contains("Du skal betale 1.003,50 kr. i restskat", pages[2], StringComparison.Ordinal);
        Assert.DoesNotContain("Åse", pages[2] + pages[3], StringComparison.Ordinal);
    }

    [ToolFact("qpdf")]
    public void Finish_EveryKindOfBlock_PassesQpdf()
    {
        var layout = Some.Layout(Some.TaxLetter, isDuplex: true, isColour: true);
        var (exit, output) = Tool.Run(
            "qpdf", Some.File(layout, [.. Enumerable.Range(0, 300).Select(i => Some.TaxValues(i))]));
        Assert.True(exit == 0, output);
        Assert.Equal(0, Tool.Run("qpdf", Some.File(layout)).Exit);
    }

    [ToolFact("pdftotext")]
    public void Append_AnyValue_IsPrintedLiterally()
    {
        var layout = Some.Layout("BEGIN{{x}}END\n\n| h |\n|---|\n| BEGIN{{x}}END |");
        const string Letters = "aZ09 {}#*_`[]()<>|\\/&;:%~^\"'!?=+-.,@$ÆØÅæøåéüłğ€§";
        string[] fixedValues =
        [
            "{{recipient.name}}", "**bold** <b>x</b> &amp; [a](b)", "(a) Tj ET \\) endstream", "# x", "---",
            "| a | b |",
            "{{#if x}}", "%PDF-1.4", "a\\nb", "${x} {0} @Model", "=HYPERLINK(\"x\")",
        ];
        var random = Gen.Elements(Letters.ToCharArray()).ArrayOf(24).Select(letters => new string(letters).Trim())
            .Where(value => value.Length > 0).Sample(50).Concat(fixedValues).ToArray();

        var pages = Tool.Text(Some.File(layout, [.. random.Select(value => Some.Values([value], "", ""))]));

        Assert.Equal(random.Length, pages.Length);
        for (var i = 0; i < random.Length; i++)
        {
            var printed = $"BEGIN{Tool.WithoutSpace(random[i])}END";
            Assert.Equal(3, Tool.WithoutSpace(pages[i]).Split(printed).Length);
        }
    }

    [Fact]
    public void Append_Duplex_StartsEveryPieceOnAFront()
    {
        var layout = Some.Layout("a\n\n{{#if x}}\nb\n{{/if}}\n\n---\n\nc\n\n---\n\nd", isDuplex: true);
        using var writer = new LetterFileWriter(new MemoryStream(), layout, "x");

        Assert.Equal(new PiecePages(1, 4, 2), writer.Append(Some.Values(["1"])));
        Assert.Equal(new PiecePages(5, 4, 2), writer.Append(Some.Values([""])));
        writer.Finish();
        Assert.Throws<ObjectDisposedException>(() => writer.Append(Some.Values(["1"])));
    }

    [Fact]
    public void Append_Simplex_CountsPagesAsSheets()
    {
        using var writer = new LetterFileWriter(new MemoryStream(), Some.Layout("a\n\n---\n\nc\n\n---\n\nd"), "x");
        Assert.Equal(new PiecePages(1, 3, 3), writer.Append(Some.Values([])));
        Assert.Equal(new PiecePages(4, 3, 3), writer.Append(Some.Values([])));
    }

    [Fact]
    public void Append_LetterThatDoesNotFit_ThrowsItsReasonWithoutItsText()
    {
        using var writer = new LetterFileWriter(new MemoryStream(), Some.Layout("{{x}}"), "x");
        var fault = Assert.Throws<DispatchException>(() => writer.Append(Some.Values(["secret 王"])));
        Assert.Equal("render.glyph", fault.Code);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }

    [ToolFact("pdftotext")]
    public void Append_LongTable_RepeatsItsHeaderAndSplitsNoRow()
    {
        var rows = string.Concat(Enumerable.Range(1, 120).Select(i => $"| row{i} | {{{{x}}}} value{i} |\n"));
        var layout = Some.Layout($"| Caption | Amount |\n|---|---:|\n{rows}");
        var pages = Tool.Text(Some.File(layout, Some.Values(["ten"])));

        Assert.Equal(4, pages.Length);
        Assert.All(pages, page => Assert.Contains("Caption", page, StringComparison.Ordinal));
        Assert.All(Enumerable.Range(1, 120), i =>
        {
            var found = Assert.Single(pages, page => page.Contains($"row{i}\n", StringComparison.Ordinal)
                || page.Contains($"row{i} ", StringComparison.Ordinal));
            Assert.Matches($"row{i}\\s+ten value{i}\n", found);
        });
    }

    [ToolFact("pdftotext")]
    public void Append_RowHigherThanAPage_IsCutBetweenLines()
    {
        var layout = Some.Layout("| Caption | b |\n|---|---|\n| left | {{x}} |\n| last | row |");
        var value = string.Join('\n', Enumerable.Range(0, 100).Select(i => $"line{i}."));
        var pages = Tool.Text(Some.File(layout, Some.Values([value])));

        Assert.Equal(3, pages.Length);
        var printed = Tool.WithoutSpace(string.Concat(pages));
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(2, printed.Split($"line{i}.").Length));
        Assert.Contains("last", pages[^1], StringComparison.Ordinal);
    }

    [ToolFact("pdftotext")]
    public void Append_HeadingAtThePageEnd_GoesWithItsText()
    {
        for (var lines = 24; lines < 38; lines++)
        {
            var filler = string.Concat(Enumerable.Repeat("\\\nfiller", lines));
            var layout = Some.Layout($"x{filler}\n\n## Caption\n\nfirst\\\nsecond\\\nthird {{{{x}}}}");
            var pages = Tool.Text(Some.File(layout, Some.Values(["end"])));
            var page = Assert.Single(pages, page => page.Contains("Caption", StringComparison.Ordinal));
            Assert.Contains("second", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Append_WithoutColour_UsesGrayOnly()
    {
        var file = Encoding.Latin1.GetString(Some.File(Some.Layout(Some.TaxLetter), Some.TaxValues(1)));
        Assert.DoesNotContain("DeviceRGB", file, StringComparison.Ordinal);
        var colour = Encoding.Latin1.GetString(
            Some.File(Some.Layout(Some.TaxLetter, isColour: true), Some.TaxValues(1)));
        Assert.Contains("DeviceRGB", colour, StringComparison.Ordinal);
    }

    [Fact]
    public void Append_ThousandsOfPages_AllocatesNothingPerLetter()
    {
        var layout = Some.Layout(Some.TaxLetter);
        var values = Enumerable.Range(0, 10).Select(i => Some.TaxValues(i)).ToArray();
        using var writer = new LetterFileWriter(Stream.Null, layout, "x");
        for (var i = 0; i < 200; i++)
        {
            writer.Append(values[i % 10]);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 2_000; i++)
        {
            writer.Append(values[i % 10]);
        }

        // The cross-reference table keeps 8 bytes an object and doubles when it grows.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 2_000, 0, 200);
    }

    [ToolFact("pdftotext")]
    public void Append_NothingButTheAddress_StandsInTheWindow()
    {
        var file = Some.File(Some.Layout(Some.TaxLetter), Some.TaxValues(1));

        // Window of C5-left, 15/44 and 105 × 35 mm, in points.
        var window = Tool.TextInside(file, 43, 125, 297, 99);
        Assert.Equal(Some.Address.Split('\n'), window.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Load_MissingFont_IsAConfigurationFault()
    {
        var fault = Assert.Throws<DispatchException>(() => FontSet.Load(new FontSettings { Bold = "/none/Bold.ttf" }));
        Assert.Equal(("font.missing", ExitCode.Configuration), (fault.Code, fault.Exit));
        Assert.Equal(5, Some.Fonts.Hashes.Distinct().Count());
    }
}
