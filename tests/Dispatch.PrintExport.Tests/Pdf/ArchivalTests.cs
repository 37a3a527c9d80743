using System.Text;
using System.Text.RegularExpressions;
using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Marks;
using Dispatch.PrintExport.Pdf;
using Dispatch.PrintExport.Templates;
using Dispatch.Routing.Pipeline;

namespace Dispatch.PrintExport.Tests.Pdf;

/// <summary>Every kind of letter, held against PDF/A-1b and what else a print house asks of a file.</summary>
public sealed class ArchivalTests
{
    const string BatchName = "20260309-19552101-brev-dk-economy-c5-left-duplex-mono-s8-0001-0a1b2c3d";

    // ISO/IEC 8859-1 and Latin Extended-A, the printable characters of both.
    static readonly string Letters = string.Concat(
        Enumerable.Range(0x20, 0x160).Where(code => code is < 0x7F or >= 0xA0).Select(code => (char)code));

    static readonly Dictionary<string, byte[]> Pictures = new()
    {
        ["alpha.png"] = Some.Png(40, 30),
        ["rgb.png"] = Some.Png(40, 30, 2),
        ["gray.png"] = Some.Png(40, 30, 0),
        ["gray-alpha.png"] = Some.Png(40, 30, 4),
        ["palette.png"] = Some.Png(40, 30, 3),
        ["colour.jpg"] = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Pictures", "colour.jpg")),
    };

    [ToolFact(Preflight.Name)]
    public void Finish_EveryKindOfLetter_IsPdfA1b()
    {
        using var folder = new TemporaryFolder();
        var files = Files();
        foreach (var (name, file) in files)
        {
            File.WriteAllBytes(Path.Combine(folder.Path, name + ".pdf"), file);
        }

        Assert.Empty(Preflight.FaultsOf(folder.Path));

        // A validator that finds nothing wrong with anything would prove nothing.
        foreach (var (name, file) in files)
        {
            var broken = Encoding.Latin1.GetString(file).Replace("/GTS_PDFA1", "/GTS_PDFX4", StringComparison.Ordinal);
            File.WriteAllBytes(Path.Combine(folder.Path, name + ".pdf"), Encoding.Latin1.GetBytes(broken));
        }

        Assert.Equal(files.Count, Preflight.FaultsOf(folder.Path).Count);
    }

    [ToolFact("qpdf")]
    public void Finish_EveryKindOfLetter_HasNothingThatActsOrIsHidden()
    {
        Assert.All(Files(), file =>
        {
            var (exit, output) = Tool.Run("qpdf", file.Value);
            Assert.True(exit == 0, $"{file.Key}: {output}");
            var plain = WithoutBinary(Encoding.Latin1.GetString(Tool.Uncompressed(file.Value)));
            Assert.Contains(" TJ", plain.Replace("]TJ", "] TJ", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.DoesNotMatch(
                "/(JS|JavaScript|AA|A|OpenAction|URI|EmbeddedFiles?|Launch|Annots|AcroForm|Encrypt|SMask|ObjStm)\\b",
                plain);
            if (!file.Key.StartsWith("colour", StringComparison.Ordinal))
            {
                Assert.DoesNotContain("DeviceRGB", plain, StringComparison.Ordinal);
                Assert.False(
                    Regex.IsMatch(plain, "^[0-9. ]+ (rg|RG|k|K|sc|SC|scn|SCN|cs|CS)\\b", RegexOptions.Multiline),
                    file.Key);
            }
        });
    }

    [Fact]
    public void Finish_EveryKindOfLetter_GivesTheSameBytesAgain()
    {
        var again = Files();
        Assert.All(Files(), file => Assert.Equal(again[file.Key], file.Value));
    }

    [ToolFact("pdftotext")]
    public void Finish_AllLettersOfEurope_CanBeCopiedFromTheFile()
    {
        // Letters that are one glyph in the font are copied as the first of them.
        var expected = Tool.WithoutSpace(Letters).Replace(
            "\u00AD", "", StringComparison.Ordinal).Replace('\u0110', '\u00D0');
        var printed = Tool.WithoutSpace(string.Concat(Tool.Lines(Files()["letters"])));
        Assert.Equal("", string.Concat(expected.Except(printed)));
        Assert.Equal(5, printed.Split("ABCDEFGHIJKLMNOPQRSTUVWXYZ").Length);
    }

    /// <summary>Without fonts, pictures and profiles, and without the strings pages show: what is left are objects and
    /// operators.</summary>
    static string WithoutBinary(string file) => Regex.Replace(
        file, "stream\n.*?endstream", match =>
        {
            var operators = Regex.Replace(
                match.Value, @"\((?:\\.|[^\\()])*\)", "()", RegexOptions.Singleline | RegexOptions.NonBacktracking);
            return operators.Any(letter => letter > '~') ? "" : operators;
        }, RegexOptions.Singleline);

    static Dictionary<string, byte[]> Files()
    {
        var pictures = string.Concat(Pictures.Keys.Select(name => $"![x]({name})\n\n"));
        var rows = string.Concat(Enumerable.Range(1, 120).Select(i => $"| row {i} | {{{{x}}}} |\n"));
        return new()
        {
            ["one-page"] = Make("Text {{x}}", SheetMarkKind.None, ["a"]),
            ["three-pages"] = Make("a\n\n---\n\nb\n\n---\n\nc {{x}}", SheetMarkKind.DataMatrix, ["a"], ["b"]),
            ["bars"] = Make("a\n\n---\n\nb {{x}}", SheetMarkKind.Omr, ["a"], ["b"]),
            ["table"] = Make($"| Caption | Amount |\n|---|---:|\n{rows}", SheetMarkKind.DataMatrix, ["ten"]),
            ["pictures"] = Make(pictures + "{{x}}", SheetMarkKind.None, ["a"]),
            ["colour-pictures"] = Make(pictures + "{{x}}", SheetMarkKind.None, isColour: true, ["a"]),
            ["letters"] = Make("{{x}}\n\n**{{x}}**\n\n*{{x}}*\n\n***{{x}}***", SheetMarkKind.None, [Letters]),
            ["tax-statements"] = Make(
                Some.TaxLetter, SheetMarkKind.DataMatrix, isColour: false,
                [.. Enumerable.Range(0, 40).Select(i => Some.TaxValues(i))]),
            ["blocks"] = Make(
                "# Heading {{x}}\n\n## Two\n\n- a\n  1. b {{x}}\n\n> quoted **{{x}}**\n\n***\n\nbold *italic*",
                SheetMarkKind.None, ["AV To"]),
            ["colour-proof"] = Make(
                "a\n\n---\n\nb\n\n---\n\nc {{x}}", SheetMarkKind.None, isColour: false, [Some.Values(["a"])],
                isProof: true),
            ["empty"] = Make("{{x}}", SheetMarkKind.DataMatrix, isColour: false, Array.Empty<LetterValues>()),
        };
    }

    static byte[] Make(string markdown, SheetMarkKind marks, params string[][] pieces) =>
        Make(markdown, marks, isColour: false, pieces);

    static byte[] Make(string markdown, SheetMarkKind marks, bool isColour, params string[][] pieces) =>
        Make(markdown, marks, isColour, [.. pieces.Select(fields => Some.Values(fields))]);

    static byte[] Make(
        string markdown, SheetMarkKind marks, bool isColour, LetterValues[] pieces, bool isProof = false)
    {
        var assets = new Dictionary<string, byte[]>(Pictures) { ["crest.png"] = Some.Png(60, 72) };
        var layout = LetterLayout.Create(
            LetterTemplate.Parse(markdown, "letter.md", assets), Some.Setting(isDuplex: true, isColour), Some.Fonts);
        var output = new MemoryStream();
        using var writer = new LetterFileWriter(
            output, layout, "Brev <1> & \"æøå\"", new SheetMarks(marks, EnvelopeProfile.Find("C5-left"), BatchName),
            isProof ? ProofOverlay.For(layout) : null);
        Array.ForEach(pieces, piece => writer.Append(piece));
        writer.Finish();
        return output.ToArray();
    }
}
