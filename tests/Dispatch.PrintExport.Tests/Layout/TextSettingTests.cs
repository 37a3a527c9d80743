using System.Globalization;
using System.Text.RegularExpressions;
using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Pdf;
using Dispatch.Routing.Rules;

namespace Dispatch.PrintExport.Tests.Layout;

/// <summary>How words are set, read from the finished file by poppler.</summary>
public sealed class TextSettingTests
{
    const double BodySize = 10.5;

    static readonly Regex WordBox = new(
        "<word xMin=\"(?<left>[0-9.]+)\" yMin=\"(?<top>[0-9.]+)\" xMax=\"(?<right>[0-9.]+)\" yMax=\"[0-9.]+\">"
        + "(?<text>[^<]*)<");

    static readonly FontSet Unkerned = FontSet.Load(new FontSettings { Kerning = false });

    [ToolTheory("pdftotext")]
    [InlineData("AVAVAV", -5 * 74)]
    [InlineData("To", -111)]
    [InlineData("1171.111,11", 0)]
    [InlineData("nnn", 0)]
    public void Append_KernedPairs_StandAsFarApartAsTheFontSays(string word, int kerningEm)
    {
        var font = TrueTypeFont.Load(new FontSettings().Regular);
        var glyphs = font.CharacterMap().ToDictionary(pair => pair.CodePoint, pair => pair.Glyph);
        var advances = word.Sum(letter => font.Advances[glyphs[letter]]);

        // One word is constant, one a value: both are set alike.
        var words = Words(Some.Fonts, word);
        Assert.Equal(2, words.Length);
        Assert.All(words, width => Assert.Equal((advances + kerningEm) * BodySize / 1000, width, 0.02));
        Assert.All(Words(Unkerned, word), width => Assert.Equal(advances * BodySize / 1000, width, 0.02));
    }

    [Fact]
    public void Load_WithoutKerning_IsToldFromFontsWithIt()
    {
        Assert.All(Some.Fonts.Hashes, hash => Assert.Equal(32, Convert.FromHexString(hash).Length));
        Assert.Equal(Some.Fonts.Hashes.SkipLast(1), Unkerned.Hashes);
    }

    [ToolFact("pdftotext")]
    public void Append_KernedText_KeepsWithinTheMargins()
    {
        string[] words = ["AVATAR", "Tyv,", "LYTTE", "Vej."];
        var text = string.Join(' ', Enumerable.Range(0, 400).Select(i => words[i % 4]));
        foreach (var fonts in new[] { Some.Fonts, Unkerned })
        {
            var boxes = Boxes(Some.File(Layout("{{x}}", fonts), Some.Values([text], "", ""))).Where(
                box => box.Text != "2026").ToList();
            Assert.InRange(boxes.Max(box => box.Right), 500, (20 + 168) * 72 / 25.4 + 0.1);
        }
    }

    [ToolFact("pdftotext")]
    public void Append_SoftHyphens_ShowOnlyWhereALineEndsAtThem()
    {
        const string Word = "selv\u00ADangivelses\u00ADoplysninger\u00AD";
        var layout = Some.Layout("{{x}}\n\n" + string.Join(' ', Enumerable.Repeat(Word, 40)));
        var lines = Body(Some.File(layout, Some.Values([string.Join(' ', Enumerable.Repeat(Word, 40))], "", "")));

        Assert.Contains(lines, line => line.EndsWith("selv-", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("angivelses-", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.TrimEnd('-').Contains('-', StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.EndsWith("oplysninger-", StringComparison.Ordinal));
        Assert.Equal(
            string.Concat(Enumerable.Repeat("selvangivelsesoplysninger", 80)),
            Tool.WithoutSpace(string.Concat(lines)).Replace("-", "", StringComparison.Ordinal));
    }

    [ToolTheory("pdftotext")]
    [InlineData("10\u00A0000\u00A0kr.", "10 000 kr.")]
    [InlineData("Anne\u2011Marie", "Anne-Marie")]
    [InlineData("31-12-2026", "31-12-2026")]
    [InlineData("e-Boks", "e-Boks")]
    public void Append_WordThatMustStayWhole_IsNeverBroken(string word, string printed)
    {
        var pieces = Enumerable.Range(60, 40).Select(
            i => Some.Values([new string('n', i) + " " + word + " nnn"], "", ""));
        var pages = Tool.Text(Some.File(Some.Layout("{{x}}"), [.. pieces]));
        Assert.Equal(40, pages.Length);
        Assert.All(pages, page => Assert.Contains(
            printed, page.Replace('\u00A0', ' ').Replace('\u2011', '-'), StringComparison.Ordinal));
    }

    [ToolFact("pdftotext")]
    public void Append_HyphenBetweenWords_MayEndALine()
    {
        var lines = Body(
            Some.File(Some.Layout("{{x}}"), Some.Values([new string('n', 75) + " Skatte-Styrelsen"], "", "")));
        Assert.Equal([new string('n', 75) + " Skatte-", "Styrelsen"], lines);
    }

    [Fact]
    public void Check_FallbackFont_HasWhatTheOthersLack()
    {
        const string Private = "\uF004";
        var serif = new FontSettings().Regular.Replace("Sans", "Serif", StringComparison.Ordinal);
        var fonts = FontSet.Load(new FontSettings { Fallback = [serif] });
        var values = Some.Values(["x" + Private], "", "");
        var check = Some.Layout("{{x}}").Check(values);
        Assert.Equal((Reason.RenderGlyph, "U+F004"), (check.Reason, check.Detail));

        var layout = Layout("{{x}}", fonts);
        Assert.Equal(Reason.None, layout.Check(values).Reason);
        var file = System.Text.Encoding.Latin1.GetString(Some.File(layout, values));
        Assert.Contains("+LiberationSerif", file, StringComparison.Ordinal);
    }

    [ToolFact("pdftotext")]
    public void Append_NameOfTwoHundredLetters_WrapsInsideTheWindow()
    {
        var name = new string('x', 200);
        var address = $"{name}\nLærkevej 9\n5970 Ærøskøbing";
        var file = Some.File(Some.Layout("Text"), Some.Values([], name, address));
        var window = Tool.TextInside(file, 43, 125, 297, 99);
        Assert.Equal(Tool.WithoutSpace(address), Tool.WithoutSpace(window));
    }

    [ToolFact("pdftotext")]
    public void Append_ParagraphAtThePageEnd_LeavesTwoLinesOnEitherPage()
    {
        var cuts = new HashSet<(int Before, int After)>();
        for (var lines = 22; lines < 40; lines++)
        {
            var filler = string.Concat(Enumerable.Repeat("\\\nfiller", lines));
            foreach (var paragraph in new[] { "l1\\\nl2\\\nl3\\\nl4\\\nl5", "l1{{x}}\\\nl2\\\nl3\\\nl4\\\nl5" })
            {
                var pages = Tool.Text(
                    Some.File(Some.Layout($"x{filler}\n\n{paragraph}\n\nend {{{{x}}}}"), Some.Values([" "], "", "")));
                var before = Regex.Count(pages[0], @"\bl[1-5]\b");
                cuts.Add((before, 5 - before));
            }
        }

        Assert.All(cuts, cut => Assert.True(cut is { Before: 0 or >= 2, After: 0 or >= 2 }, $"{cut}"));
        Assert.Contains((2, 3), cuts);
        Assert.Contains((3, 2), cuts);
    }

    [ToolFact("pdftotext")]
    public void Append_NestedListsAndQuotes_StepIn()
    {
        const string Markdown = "level0\n\n1. level1\n   - level2\n     - level3 {{x}}\n\n> quoted\n>\n> > twice {{x}}";
        var boxes = Boxes(Some.File(Some.Layout(Markdown), Some.Values(["value"], "", "")));
        double Left(string word) => boxes.Single(box => box.Text == word).Left;
        double LeftOfMark(string mark) => boxes.First(box => box.Text == mark).Left;
        Assert.Equal(20 * 72 / 25.4, Left("level0"), 0.1);
        Assert.Equal(16, Left("level1") - Left("level0"), 0.1);
        Assert.Equal(32, Left("level2") - Left("level0"), 0.1);
        Assert.Equal(48, Left("level3") - Left("level0"), 0.1);
        Assert.Equal(14, Left("quoted") - Left("level0"), 0.1);
        Assert.Equal(28, Left("twice") - Left("level0"), 0.1);
        Assert.Equal(16, Left("level1") - LeftOfMark("1."), 0.1);
        Assert.Equal(12, Left("level2") - LeftOfMark("–"), 0.1);
        Assert.Equal(12, Left("level3") - LeftOfMark("•"), 0.1);
    }

    [ToolFact("pdftotext")]
    public void Append_NumberedList_KeepsNumbersClearOfTheTextAndRightAligned()
    {
        var list = string.Join('\n', Enumerable.Range(1, 120).Select(i => $"{i}. item{i}"));
        var rows = Tool.Boxes(Some.File(Some.Layout(list), Some.Values([]))).Split("<page")
            .SelectMany(page => Places(page).GroupBy(word => Math.Round(word.Top)))
            .Where(row => row.Any(word => word.Text.StartsWith("item", StringComparison.Ordinal))).ToList();
        Assert.Equal(120, rows.Count);
        var right = rows[^1].Where(IsNumber).Max(word => word.Right);
        foreach (var row in rows)
        {
            var item = row.Single(word => !IsNumber(word));
            var number = row.Where(IsNumber).ToList();
            Assert.Equal($"item{string.Concat(number.Select(word => word.Text))}", $"{item.Text}.");
            Assert.Equal(right, number.Max(word => word.Right), 0.2);
            Assert.InRange(item.Left - right, 4.5, 8);
        }

        Assert.InRange(rows[^1].Min(word => word.Left), 20 * 72 / 25.4 - 0.5, 20 * 72 / 25.4 + 1);

        static bool IsNumber((string Text, double Left, double Right, double Top) word) => !word.Text.StartsWith('i');
    }

    [ToolFact("pdftotext")]
    public void Append_LongReturnAddress_EndsNoLineWithItsDot()
    {
        var setting = Some.Setting() with
        {
            ReturnAddress =
            [
                "Styrelsen for Arbejdsmarked", "Njalsgade 72A, bygning 4", "2300 Amagerby S", "Postboks 1",
            ],
        };
        var layout = LetterLayout.Create(Some.Template("text"), setting, Some.Fonts);
        var lines = Tool.TextInside(Some.File(layout, Some.Values([])), 43, 80, 297, 46)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.False(line.EndsWith('\u00B7') || line.StartsWith('\u00B7'), line));
        Assert.Equal(2, lines.Sum(line => line.Count(letter => letter == '\u00B7')));
    }

    static LetterLayout Layout(string markdown, FontSet fonts) =>
        LetterLayout.Create(Some.Template(markdown), Some.Setting(), fonts);

    static double[] Words(FontSet fonts, string word) =>
        [.. Boxes(Some.File(Layout($"{word}\n\n{{{{x}}}}", fonts), Some.Values([word], "", "")))
            .Where(box => box.Text == word).Select(box => box.Right - box.Left)];

    /// <summary>Lines of the body of all pages: what stands below the title.</summary>
    static string[] Body(byte[] file) =>
    [
        .. string.Concat(Tool.Lines(file)).Split("Årsopgørelse for 2025\n")[^1]
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
    ];

    static List<(string Text, double Left, double Right)> Boxes(byte[] file) =>
        [.. Places(Tool.Boxes(file)).Select(word => (word.Text, word.Left, word.Right))];

    static IEnumerable<(string Text, double Left, double Right, double Top)> Places(string boxes) =>
        WordBox.Matches(boxes).Select(match => (
            System.Net.WebUtility.HtmlDecode(match.Groups["text"].Value), Number(match, "left"), Number(match, "right"),
            Number(match, "top")));

    static double Number(Match match, string name) =>
        double.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);
}
