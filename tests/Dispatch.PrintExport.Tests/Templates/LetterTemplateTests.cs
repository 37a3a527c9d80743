using Dispatch.PrintExport.Templates;
using Dispatch.Routing;
using Dispatch.Routing.Rules;

namespace Dispatch.PrintExport.Tests.Templates;

public sealed class LetterTemplateTests
{
    /// <summary>A job that was accepted is printed, whatever is accepted today.</summary>
    [Fact]
    public void ParseAccepted_LetterOverTheLimitsOfToday_IsRead()
    {
        var letter = string.Concat(Enumerable.Repeat("ord og **ord**\n", 3_000));
        var none = new Dictionary<string, byte[]>();

        var fault = Assert.Throws<DispatchException>(() => LetterTemplate.Parse(letter, "letter.md", none));

        Assert.Equal("template.too_many_marks", fault.Code);
        Assert.Empty(LetterTemplate.ParseAccepted(letter, "letter.md", none).Columns);
    }

    [Fact]
    public void Parse_FieldsAndConditions_GivesColumnsInOrderOfUse()
    {
        var template = Some.Template("""
            {{b:money}} {{a}} {{ b }}

            {{#if c}}
            {{c:date}} and {{d:number}}
            {{/if}}
            {{#if e}}
            Only a test.
            {{/if}}
            {{recipient.name}} {{letter.date:date}}
            """);

        Assert.Equal(["b", "a", "c", "d", "e"], template.Columns.Select(column => column.Name));
        Assert.Equal([FieldFormat.Money, FieldFormat.Text], template.Columns[0].Formats);
        Assert.Equal([true, true, false, true, false], template.Columns.Select(column => column.IsRequired));
        Assert.Empty(template.Columns[4].Formats);
        Assert.True(template.UsesRecipientName);
        Assert.False(template.UsesRecipientAddress);
    }

    [Theory]
    [InlineData("text\n\n#### too deep", "template.unsupported", 3)]
    [InlineData("text\n\n<b>bold</b>", "template.unsupported", 3)]
    [InlineData("text\n\n<div>\nx\n</div>", "template.unsupported", 3)]
    [InlineData("text\n<!-- note -->", "template.unsupported", 2)]
    [InlineData("a `code` b", "template.unsupported", 1)]
    [InlineData("text\n\n    indented", "template.unsupported", 3)]
    [InlineData("```\nfenced\n```", "template.unsupported", 1)]
    [InlineData("see [here](http://example.org)", "template.unsupported", 1)]
    [InlineData("see <http://example.org>", "template.unsupported", 1)]
    [InlineData("text\n\n[a]: http://example.org", "template.unsupported", 3)]
    [InlineData("Title\n=====", "template.unsupported", 2)]
    [InlineData("Title\n-----", "template.unsupported", 2)]
    [InlineData("a\n\n___", "template.unsupported", 3)]
    [InlineData("a\n\n* * *", "template.unsupported", 3)]
    [InlineData("- a\n  - b\n    - c\n      - d", "template.unsupported", 4)]
    [InlineData("- a\n\n  ---\n", "template.unsupported", 3)]
    [InlineData("| a | b |\n|---|---|\n| 1 | 2 | 3 |", "template.unsupported", 3)]
    [InlineData("text ![x](crest.png) text", "template.unsupported", 1)]
    [InlineData("{{a", "template.unsupported", 1)]
    [InlineData("{{}}", "template.unsupported", 1)]
    [InlineData("a\n\n{{#each x}}", "template.unsupported", 3)]
    [InlineData("{{> header}}", "template.unsupported", 1)]
    [InlineData("a\n\n{{b:kroner}}", "template.unknown_format", 3)]
    [InlineData("{{recipient.name:money}}", "template.unknown_format", 1)]
    [InlineData("a\n{{recipient}}", "template.unknown_field", 2)]
    [InlineData("{{#if reference}}\na\n{{/if}}", "template.unknown_field", 1)]
    [InlineData("a\n\n{{#if x}}\nb", "template.condition", 3)]
    [InlineData("a\n{{/if}}", "template.condition", 2)]
    [InlineData("a\n{{else}}\nb", "template.condition", 2)]
    [InlineData("{{#if x}}\na\n{{else}}\nb\n{{else}}\nc\n{{/if}}", "template.condition", 5)]
    [InlineData("{{#if}}\na\n{{/if}}", "template.condition", 1)]
    [InlineData("a {{#if x}} b", "template.condition", 1)]
    [InlineData("a {{/if}}", "template.condition", 1)]
    [InlineData("- a\n\n  {{#if x}}\n\n{{/if}}", "template.condition", 3)]
    [InlineData("![x](none.png)", "asset.missing", 1)]
    [InlineData("![x](http://example.org/track.png)", "asset.missing", 1)]
    [InlineData("![x](../crest.png)", "asset.missing", 1)]
    [InlineData("![x](%2E%2E%2Fcrest.png)", "asset.missing", 1)]
    [InlineData("![x](crest.png%0A)", "asset.missing", 1)]
    public void Parse_OutsideTheGrammar_IsRefusedWithLine(string markdown, string code, int line)
    {
        var fault = Assert.Throws<DispatchException>(() => Some.Template(markdown));

        Assert.Equal(code, fault.Code);
        Assert.Equal(ExitCode.Refused, fault.Exit);
        Assert.EndsWith($"('letter.md' line {line})", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\n\t\n")]
    [InlineData("---\n\n***")]
    [InlineData("\uFEFF")]
    [InlineData("{{#if a}}\n{{/if}}")]
    public void Parse_NothingToPrint_IsEmpty(string markdown)
    {
        Assert.Equal("template.empty", Assert.Throws<DispatchException>(() => Some.Template(markdown)).Code);
    }

    [Fact]
    public void Parse_TwentyConditionsInEachOther_AreRead()
    {
        Assert.Single(Some.Template(Nested(20)).Columns);
    }

    [Theory]
    [InlineData(21)]
    [InlineData(10_000)]
    public void Parse_MoreConditionsInEachOther_AreTooDeep(int depth)
    {
        Assert.Equal("template.depth", Assert.Throws<DispatchException>(() => Some.Template(Nested(depth))).Code);
    }

    [Theory]
    [InlineData("> ")]
    [InlineData("- ")]
    public void Parse_TenThousandNestedBlocks_AreRefused(string mark)
    {
        var markdown = string.Concat(Enumerable.Repeat(mark, 10_000)) + "a";
        Assert.Equal("template.depth", Assert.Throws<DispatchException>(() => Some.Template(markdown)).Code);
    }

    [Fact]
    public void Parse_DashesBelowText_AreAPageBreak()
    {
        var blocks = Some.Template("First page\n---\nSecond page\n***\nend").Blocks;

        Assert.Collection(
            blocks,
            block => Assert.IsType<LetterBlock.Paragraph>(block),
            block => Assert.IsType<LetterBlock.PageBreak>(block),
            block => Assert.IsType<LetterBlock.Paragraph>(block),
            block => Assert.IsType<LetterBlock.ThematicLine>(block),
            block => Assert.IsType<LetterBlock.Paragraph>(block));
    }

    [Fact]
    public void Parse_ConditionBetweenTableRows_HoldsRows()
    {
        var table = Assert.IsType<LetterBlock.Table>(Assert.Single(Some.Template("""
            | a | b |
            |:--|--:|
            | 1 | 2 |
            {{#if x}}
            | 3 | {{x}} |
            {{else}}
            | 5 | 6 |
            {{/if}}
            | 7 | 8 |
            """).Blocks));

        Assert.Equal([CellAlignment.Left, CellAlignment.Right], table.Alignments);
        var condition = Assert.IsType<LetterBlock.Condition>(table.Rows[1]);
        Assert.IsType<LetterBlock.Row>(Assert.Single(condition.Then));
        Assert.IsType<LetterBlock.Row>(Assert.Single(condition.Else));
        Assert.Equal(3, table.Rows.Count);
    }

    [Theory]
    [InlineData("**bold {{a}}**", TextStyle.Bold)]
    [InlineData("*slanted {{a}}*", TextStyle.Italic)]
    [InlineData("***both {{a}}***", TextStyle.Bold | TextStyle.Italic)]
    [InlineData("a\\*b {{a_b_c}} 1 < 2 &amp; [x] 3 | 4", TextStyle.Regular)]
    public void Parse_Emphasis_GivesStyles(string markdown, object style)
    {
        var paragraph = Assert.IsType<LetterBlock.Paragraph>(Assert.Single(Some.Template(markdown).Blocks));
        var field = Assert.Single(paragraph.Runs.OfType<LetterRun.Field>());
        Assert.Equal(style, field.Style);
    }

    [Fact]
    public void Parse_ConditionsInListsAndQuotes_StayThere()
    {
        var blocks = Some.Template("- a\n\n  {{#if x}}\n  b\n  {{/if}}\n\n> {{#if y}}\n> c\n> {{/if}}\n").Blocks;

        var list = Assert.IsType<LetterBlock.ItemList>(blocks[0]);
        Assert.IsType<LetterBlock.Condition>(list.Items[0].Blocks[1]);
        Assert.IsType<LetterBlock.Condition>(Assert.Single(Assert.IsType<LetterBlock.Quote>(blocks[1]).Blocks));
    }

    [Fact]
    public void CheckColumns_ColumnTheListLacks_IsRefusedWithLine()
    {
        var template = Some.Template("a {{name}}\n\nb {{Amount}}");

        template.CheckColumns(["Amount", "name", "other"]);
        var fault = Assert.Throws<DispatchException>(() => template.CheckColumns(["amount", "name"]));

        Assert.Equal("template.unknown_field", fault.Code);
        Assert.Contains("'Amount'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("line 3", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\n\n{{sender.name}}", "sender.name")]
    [InlineData("a\n\n{{#if recipient.name}}\nb\n{{/if}}", "recipient.name")]
    public void CheckColumns_ColumnHiddenByABuiltInField_IsRefusedWithLine(string markdown, string column)
    {
        var template = Some.Template(markdown);

        template.CheckColumns(["recipient", "job.title"]);
        var fault = Assert.Throws<DispatchException>(() => template.CheckColumns(["recipient", column]));

        Assert.Equal("header.reserved", fault.Code);
        Assert.Contains($"'{column}'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("line 3", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_RecipientAsMergeField_IsNotSaidToBeMissing()
    {
        var fault = Assert.Throws<DispatchException>(() => Some.Template("{{recipient}}"));
        Assert.Contains("is no merge field", fault.Message, StringComparison.Ordinal);
        Assert.Contains("{{recipient.name}}", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Dear {{recipient.name}}", true)]
    [InlineData("{{#if x}}\nDear {{recipient.name}}\n{{/if}}", true)]
    [InlineData("{{#if recipient.name}}\nDear {{recipient.name}}\n{{else}}\nHello\n{{/if}}", false)]
    [InlineData("{{recipient.address}}", false)]
    public void RequiresRecipientName_OutsideAConditionOnIt_IsTrue(string markdown, bool expected) =>
        Assert.Equal(expected, Some.Template(markdown).RequiresRecipientName);

    [Fact]
    public void FindAssetNames_PicturesNamedEitherWay_AreFoundOnce()
    {
        Assert.Equal(
            ["crest.png", "b/c.jpg"],
            LetterTemplate.FindAssetNames("![a](crest.png)\n\n![a](assets/crest.png)\n\n- ![b](./assets/b/c.jpg)\n"));
    }

    [Fact]
    public void FindAssetNames_PercentEncoded_AreDecoded()
    {
        Assert.Equal(
            ["x y.png", "æ.png", "../c.png", "100%.png", "a%0Ab.png"],
            LetterTemplate.FindAssetNames(
                "![a](assets/x%20y.png)\n\n![a](%C3%A6.png)\n\n![a](..%2Fc.png)\n\n![a](100%.png)\n\n![a](a%0Ab.png)"));
        var assets = new Dictionary<string, byte[]> { ["x y.png"] = Some.Png(6, 7) };
        Assert.Equal(["x y.png"], LetterTemplate.Parse("![x](assets/x%20y.png)", "letter.md", assets).AssetNames);
    }

    /// <summary>A job that was accepted before names were decoded has its pictures under the names it wrote.</summary>
    [Fact]
    public void ParseAccepted_PictureUnderItsEncodedName_IsFound()
    {
        var assets = new Dictionary<string, byte[]> { ["x%20y.png"] = Some.Png(6, 7) };
        Assert.Single(LetterTemplate.ParseAccepted("![x](assets/x%20y.png)", "letter.md", assets).Blocks);
    }

    [Fact]
    public void Parse_WindowsLineEndsAndMark_AreRead()
    {
        var fault = Assert.Throws<DispatchException>(() => Some.Template("\uFEFFa\r\n\r\nb {{c:x}}\r\n"));
        Assert.Contains("line 3", fault.Message, StringComparison.Ordinal);
    }

    static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("{{#if a}}\n", depth)) + "text\n" + string.Concat(
            Enumerable.Repeat("{{/if}}\n", depth));
}
