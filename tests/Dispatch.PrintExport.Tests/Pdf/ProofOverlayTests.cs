using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Pdf;
using Dispatch.Routing.Pipeline;

namespace Dispatch.PrintExport.Tests.Pdf;

/// <summary>A proof with its overlay: the letter's own text, and on every page what no print file has.</summary>
public sealed class ProofOverlayTests
{
    [ToolFact("pdftotext", "qpdf")]
    public void Append_WithOverlay_MarksEveryPageAndChangesNoText()
    {
        var layout = Some.Layout("a {{x}}\n\n---\n\nsecond\n\n---\n\nthird", isDuplex: true);
        var plain = Tool.Text(Write(layout, overlay: null, Some.Values(["one"])));
        var proof = Write(layout, ProofOverlay.For(layout), Some.Values(["one"]));
        var pages = Tool.Text(proof);

        Assert.Equal(4, plain.Length);
        Assert.Equal(4, pages.Length);
        Assert.DoesNotContain("PROOF", string.Concat(plain), StringComparison.Ordinal);
        Assert.All(pages, page => Assert.Contains("PROOF, not for printing", page, StringComparison.Ordinal));
        Assert.Contains("window of C5-left", pages[0], StringComparison.Ordinal);
        Assert.DoesNotContain("window", pages[2], StringComparison.Ordinal);
        Assert.Contains("sheet marks", pages[2], StringComparison.Ordinal);
        Assert.DoesNotContain("sheet marks", pages[1] + pages[3], StringComparison.Ordinal);
        Assert.All(plain.Zip(pages), pair => Assert.All(
            pair.First.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.Contains(line, pair.Second, StringComparison.Ordinal)));
        Assert.Equal(0, Tool.Run("qpdf", proof).Exit);
        Assert.Contains("Åse Ærøe", Tool.TextInside(proof, 43, 125, 297, 99), StringComparison.Ordinal);
    }

    static byte[] Write(LetterLayout layout, ProofOverlay? overlay, LetterValues values)
    {
        var output = new MemoryStream();
        using var writer = new LetterFileWriter(output, layout, "prøve", overlay: overlay);
        writer.Append(values);
        writer.Finish();
        return output.ToArray();
    }
}
