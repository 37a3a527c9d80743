using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Pdf;
using Dispatch.Routing;
using Dispatch.Routing.Rules;

namespace Dispatch.PrintExport.Tests.Layout;

public sealed class LetterLayoutTests
{
    static readonly LetterLayout OneField = Some.Layout("Text {{x}} end");

    [Fact]
    public void Check_TaxLetter_TakesTwoPages()
    {
        Assert.Equal(new LetterCheck(Reason.None, "", 2, 2), Some.Layout(Some.TaxLetter).Check(Some.TaxValues(1)));
        Assert.Equal(
            new LetterCheck(Reason.None, "", 2, 1),
            Some.Layout(Some.TaxLetter, isDuplex: true).Check(Some.TaxValues(1)));
    }

    [Fact]
    public void Check_OddPagesUnderDuplex_CountTheBlankBack()
    {
        var layout = Some.Layout("a\n---\nb\n---\nc", isDuplex: true);
        Assert.Equal(new LetterCheck(Reason.None, "", 4, 2), layout.Check(Some.Values([])));
    }

    [Theory]
    [InlineData("王", "U+738B")]
    [InlineData("a 😀", "U+1F600")]
    [InlineData("x\u0915", "U+0915")]
    public void Check_CharacterNoFontHas_NamesItsCodePoint(string value, string detail)
    {
        Assert.Equal(new LetterCheck(Reason.RenderGlyph, detail, 0, 0), OneField.Check(Some.Values([value])));
    }

    [Theory]
    [InlineData("\u05D0")]
    [InlineData("\u0634")]
    [InlineData("\u07CA")]
    [InlineData("\uFB50")]
    [InlineData("\uFEFB")]
    [InlineData("\U0001E900")]
    public void Check_RightToLeftLetter_IsRefusedEverywhere(string letter)
    {
        var serif = new FontSettings().Regular.Replace("Sans", "Serif", StringComparison.Ordinal);
        var fonts = FontSet.Load(new FontSettings { Fallback = [serif] });
        var layout = LetterLayout.Create(Some.Template("Text {{x}} end"), Some.Setting(), fonts);
        var detail = $"U+{char.ConvertToUtf32(letter, 0):X4}";
        Assert.Equal(new LetterCheck(Reason.RenderGlyph, detail, 0, 0), layout.Check(Some.Values([letter])));
        Assert.Equal(detail, layout.Check(Some.Values(["a"], letter, $"{letter}\nVej 1")).Detail);
        var fault = Assert.Throws<DispatchException>(() => Some.Layout(letter));
        Assert.Equal("template.unsupported", fault.Code);
        Assert.Contains(detail, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\u202Eb")]
    [InlineData("a\u200Bb")]
    [InlineData("a\u200Db")]
    public void Create_TemplateWithInvisibleCharacter_IsRefused(string markdown) =>
        Assert.Equal("template.unsupported", Assert.Throws<DispatchException>(() => Some.Layout(markdown)).Code);

    [Fact]
    public void Check_NameWithUnknownCharacter_IsRefusedEvenWhereOnlyTheWindowShowsIt()
    {
        Assert.Equal(Reason.RenderGlyph, OneField.Check(Some.Values(["a"], "王", "王\nVej 1")).Reason);
    }

    [Theory]
    [InlineData("A\u030Ase \u0104\u0142\u0138 Z\u030C")]
    [InlineData("\u00A0a\u2011b\u00ADc")]
    [InlineData("ł ş ĸ ő ž Ñ ß þ")]
    public void Check_EuropeanLetters_Fit(string value) =>
        Assert.Equal(Reason.None, OneField.Check(Some.Values([value])).Reason);

    [Fact]
    public void Check_AddressOfEightLines_Overflows()
    {
        var seven = string.Join('\n', Enumerable.Range(1, 7).Select(i => $"line {i}"));
        Assert.Equal(Reason.None, OneField.Check(Some.Values(["a"], "n", seven)).Reason);
        Assert.Equal(Reason.RenderOverflow, OneField.Check(Some.Values(["a"], "n", seven + "\nline 8")).Reason);
        Assert.Equal(
            Reason.RenderOverflow, OneField.Check(Some.Values(["a"], "n", new string('W', 200) + "\na\nb")).Reason);
        Assert.Equal(Reason.None, OneField.Check(Some.Values(["a"], "n", new string('i', 200) + "\na\nb")).Reason);
    }

    [Fact]
    public void Check_FiveMegabytesOfText_StopsWithBoundedWork()
    {
        var words = Some.Values([string.Concat(Enumerable.Repeat("ord ", 1_300_000))]);
        var lines = Some.Values([new string('\n', 5_000_000)]);
        var word = Some.Values([new string('x', 5_000_000)]);

        foreach (var values in new[] { words, lines, word })
        {
            Assert.Equal(Reason.RenderTooManyPages, OneField.Check(values).Reason);
        }

        Assert.Equal(Reason.RenderTooManyPages, Some.Layout("| a | b |\n|---|---|\n| 1 | {{x}} |").Check(words).Reason);
    }

    [Fact]
    public void Check_HundredPages_AreTheLimit()
    {
        var breaks = string.Concat(Enumerable.Repeat("\n\n---\n\nx", 99));
        Assert.Equal(100, Some.Layout("x" + breaks).Check(Some.Values([])).Pages);
        Assert.Equal(
            Reason.RenderTooManyPages, Some.Layout("x" + breaks + "\n\n---\n\nx").Check(Some.Values([])).Reason);
    }

    [Theory]
    [InlineData("Text {{x}} end")]
    [InlineData("# {{x}}\n\n- {{x}}\n\n> {{x}}")]
    [InlineData("| a | b | c |\n|---|---|---|\n| 1 | {{x}} | {{x}} |\n| 1 | **{{x}}** | 2 |\n\ntext\n\n---\n\ntext")]
    public void PlainValueBytesMax_ValuesOfThatLength_AlwaysFit(string markdown)
    {
        var layout = Some.Layout(markdown);
        var bytes = layout.PlainValueBytesMax;
        Assert.InRange(bytes, 100, 100_000);
        string[] values =
        [
            new string('@', bytes), new string('\n', bytes), string.Concat(Enumerable.Repeat("@ ", bytes / 2)),
            string.Concat(Enumerable.Repeat("W\n", bytes / 2)),
            string.Concat(Enumerable.Repeat("@@@@@@@@@@@@@ ", bytes / 14)),
        ];
        Assert.All(values, value =>
        {
            // A table's cells hold less, and no line breaks.
            var isInTable = layout.PlainColumnBytesMax(0) < bytes;
            var shown = isInTable ? value.Replace('\n', ' ')[..layout.PlainColumnBytesMax(0)] : value;
            Assert.Equal(Reason.None, layout.Check(Some.Values([shown], "", "")).Reason);
        });
    }

    [Fact]
    public void Check_LongNameOnADigitalLetter_IsNoOverflow()
    {
        var layout = Some.Layout("Dear {{recipient.name}}");
        Assert.Equal(Reason.None, layout.Check(Some.Values([], new string('W', 400), "")).Reason);
    }

    [Fact]
    public void Check_OnOneThread_AllocatesNothing()
    {
        var layout = Some.Layout(Some.TaxLetter);
        var values = Some.TaxValues(7);
        layout.Check(values);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            layout.Check(values);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Create_TemplateCharacterNoFontHas_IsRefused()
    {
        var fault = Assert.Throws<DispatchException>(() => Some.Layout("王"));
        Assert.Equal("template.unsupported", fault.Code);
        Assert.Contains("U+738B", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\n\nb\n\u0007", 4)]
    [InlineData("# a\n\nb **c\n\U0001F600** d", 4)]
    [InlineData("- a\n- b {{x}}\n  \u05D0", 3)]
    [InlineData("| a | b |\n|---|---|\n| c | d |\n| {{x}} | &#x5D0; |", 4)]
    public void Create_CharacterOfTheLetterNoFontHas_IsToldWithItsLine(string markdown, int line)
    {
        var fault = Assert.Throws<DispatchException>(() => Some.Layout(markdown));
        Assert.Equal("template.unsupported", fault.Code);
        Assert.EndsWith($"('letter.md' line {line})", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$.title")]
    [InlineData("$.sender.name")]
    [InlineData("$.sender.returnAddress")]
    public void Create_CharacterOfTheJobNoFontHas_IsToldWithItsField(string field)
    {
        const string Word = "a\u05D0";
        var some = Some.Setting();
        var setting = field switch
        {
            "$.title" => some with { Title = Word },
            "$.sender.name" => some with { SenderName = Word },
            _ => some with { ReturnAddress = ["a", Word] },
        };
        foreach (var markdown in new[] { "a", "# {{sender.name}} {{job.title}}" })
        {
            var fault = Assert.Throws<DispatchException>(
                () => LetterLayout.Create(Some.Template(markdown), setting, Some.Fonts));
            Assert.Equal("template.unsupported", fault.Code);
            Assert.EndsWith($"('job.json' {field})", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Create_TooManyColumnsOrTooHighARow_IsRefused()
    {
        var wide = string.Concat(Enumerable.Repeat("| a ", 20)) + "|\n" + string.Concat(
            Enumerable.Repeat("|---", 20)) + "|";
        Assert.Equal("template.unsupported", Assert.Throws<DispatchException>(() => Some.Layout(wide)).Code);
        var high = $"| a | b |\n|---|---|\n| {string.Concat(Enumerable.Repeat("long text ", 1_000))} | b |";
        Assert.Equal("template.unsupported", Assert.Throws<DispatchException>(() => Some.Layout(high)).Code);
    }

    [Fact]
    public void Find_UnknownEnvelope_IsRefused()
    {
        Assert.Equal("C4-left", EnvelopeProfile.Find("C4-left").Name);
        Assert.Equal("job.envelope", Assert.Throws<DispatchException>(() => EnvelopeProfile.Find("DL")).Code);
    }
}
