using Dispatch.PrintExport.Layout;
using Dispatch.Routing.Rules;

namespace Dispatch.PrintExport.Tests.Layout;

/// <summary>A row of a table is never split over pages.</summary>
public sealed class TableRowTests
{
    const string Table = "intro\n\n| head | b |\n|---|---|\n| 1 | {{x}} |\n\nend";

    [ToolTheory("pdftotext")]
    [InlineData(25)]
    [InlineData(31)]
    [InlineData(45)]
    public void Append_TallRow_StandsWholeOnOnePageBelowItsHeader(int lines)
    {
        var pages = Tool.Text(Some.File(Some.Layout("filler\\\n" + Table), Some.Values([Lines(lines)], "", "")));

        var page = Assert.Single(pages, page => page.Contains("value1", StringComparison.Ordinal));
        Assert.Equal(lines, page.Split("value").Length - 1);
        Assert.True(
            page.IndexOf("head", StringComparison.Ordinal) < page.IndexOf("value1", StringComparison.Ordinal));
        Assert.Single(pages, other => other.Contains("head", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_RowThatFitsNoPage_NamesItsLine()
    {
        var layout = Some.Layout(Table);
        var most = Enumerable.Range(1, 100).Last(n => layout.Check(Some.Values([Lines(n)])).Reason == Reason.None);

        Assert.InRange(most, 45, 60);
        Assert.Equal(
            new LetterCheck(Reason.RenderOverflow, "table row, line 5", 0, 0),
            layout.Check(Some.Values([Lines(most + 1)])));
        Assert.Equal(Reason.None, layout.Check(Some.Values(["short"])).Reason);
    }

    [Theory]
    [InlineData("| a | b | c |\n|---|---|---|\n| 1 | {{x}} | {{x}} |\n| 1 | **{{x}}** {{x}} | {{y:money}} |")]
    [InlineData("| a {{x}} | b |\n|---|---|\n| {{recipient.name}} {{x}} | {{y:money}}, {{y}} |")]
    public void PlainColumnBytesMax_ValuesOfThatLength_NeverOverflow(string markdown)
    {
        var layout = Some.Layout(markdown);
        var (text, money) = (layout.PlainColumnBytesMax(0), layout.PlainColumnBytesMax(1));
        Assert.InRange(text, 40, 1_000);
        Assert.InRange(money, 20, 1_000);
        text = Math.Min(text, layout.PlainValueBytesMax - money);
        var name = string.Join(' ', Enumerable.Repeat("WWWWWWWWWWWWWWW", 10));
        Assert.All(["@", "W ", "@@@@@@@@@@@@@ "], (string word) =>
        {
            var value = string.Concat(Enumerable.Repeat(word, text))[..text];
            var check = layout.Check(Some.Values([value, new string('9', money)], name, ""));
            Assert.Equal(Reason.None, check.Reason);
        });
        Assert.Equal(int.MaxValue, Some.Layout("{{x}}").PlainColumnBytesMax(0));
    }

    [Fact]
    public void PlainColumnBytesMax_TaxLetter_LeavesUsualAmountsUnmeasured()
    {
        var layout = Some.Layout(Some.TaxLetter);
        Assert.All(
            Enumerable.Range(0, layout.Template.Columns.Count),
            column => Assert.InRange(layout.PlainColumnBytesMax(column), 20, int.MaxValue));
        Assert.InRange(layout.PlainValueBytesMax, 500, int.MaxValue);
    }

    static string Lines(int count) => string.Join('\n', Enumerable.Range(1, count).Select(i => $"value{i}"));
}
