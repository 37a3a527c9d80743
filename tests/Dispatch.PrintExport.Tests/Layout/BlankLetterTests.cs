using Dispatch.PrintExport.Layout;
using Dispatch.Routing.Rules;

namespace Dispatch.PrintExport.Tests.Layout;

/// <summary>Nobody gets a letter that says nothing.</summary>
public sealed class BlankLetterTests
{
    [Theory]
    [InlineData("{{#if x}}\ntext\n{{/if}}")]
    [InlineData("***\n\n{{#if x}}\n> text\n{{/if}}\n\n---\n\n***")]
    [InlineData("![crest](crest.png)\n\n{{#if x}}\n{{y}}\n{{/if}}")]
    [InlineData("- {{#if x}}\n  text\n  {{/if}}")]
    [InlineData("{{#if x}}\na\n{{else}}\n{{recipient.name}}\n{{/if}}")]
    public void Check_NothingLeftByConditions_IsMissing(string markdown)
    {
        var layout = Some.Layout(markdown);
        Assert.Equal(new LetterCheck(Reason.FieldMissing, "blank letter", 0, 0), Check(layout, "0"));
        Assert.Equal(Reason.None, Check(layout, "1").Reason);
        Assert.Equal(0, layout.PlainValueBytesMax);
    }

    [Theory]
    [InlineData("{{#if x}}\na\n{{else}}\nb\n{{/if}}")]
    [InlineData("{{#if x}}\na\n{{/if}}\n\nb")]
    [InlineData("{{y}}")]
    [InlineData("![crest](crest.png)")]
    [InlineData("{{#if x}}\na\n{{/if}}\n\n| a |\n|---|\n| {{y}} |")]
    public void Check_SomethingLeft_IsComposedWithoutMeasuringPlainValues(string markdown)
    {
        var layout = Some.Layout(markdown);
        Assert.Equal(Reason.None, Check(layout, "0").Reason);
        Assert.InRange(layout.PlainValueBytesMax, 100, int.MaxValue);
    }

    static LetterCheck Check(LetterLayout layout, string x) =>
        layout.Check(Some.Values([.. layout.Template.Columns.Select(column => column.Name == "x" ? x : "y")], "", ""));
}
