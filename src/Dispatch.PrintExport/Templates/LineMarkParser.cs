using Markdig.Parsers;
using Markdig.Syntax;

namespace Dispatch.PrintExport.Templates;

/// <summary>
/// Finds the lines with a meaning of their own, before Markdig's own parsers see them. It stands in for the thematic
/// break parser and for underlined (setext) headings: after a paragraph CommonMark reads <c>---</c> as "the paragraph
/// was a heading", but in a letter it is a page break wherever it stands.
/// </summary>
sealed class LineMarkParser : BlockParser
{
    public LineMarkParser()
    {
        OpeningCharacters = ['-', '*', '_', '=', '{'];
    }

    public override bool CanInterrupt(BlockProcessor processor, Block block) => true;

    public override BlockState TryOpen(BlockProcessor processor)
    {
        if (processor.IsCodeIndent)
        {
            return BlockState.None;
        }

        var text = processor.Line.AsSpan().Trim();
        if (KindOf(text, processor.CurrentBlock is ParagraphBlock) is not { } kind)
        {
            return BlockState.None;
        }

        processor.NewBlocks.Push(new LineMark(this, kind, text.ToString())
        {
            Column = processor.Column,
            Line = processor.LineIndex,
            Span = new SourceSpan(processor.Start, processor.Line.End),
        });
        return BlockState.BreakDiscard;
    }

    /// <summary>
    /// Says whether the text is <c>{{#if …}}</c>, <c>{{else}}</c> or <c>{{/if}}</c> and nothing more.
    /// </summary>
    internal static bool IsCondition(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith("{{", StringComparison.Ordinal)
            || text.IndexOf("}}", StringComparison.Ordinal) != text.Length - 2)
        {
            return false;
        }

        var inner = text[2..^2].Trim();
        return inner is "else" or "/if" || inner.StartsWith("#if", StringComparison.Ordinal);
    }

    static LineMarkKind? KindOf(ReadOnlySpan<char> text, bool isBelowText)
    {
        if (text is "---")
        {
            return LineMarkKind.PageBreak;
        }

        if (text is "***")
        {
            return LineMarkKind.ThematicLine;
        }

        if (text[0] == '{')
        {
            return IsCondition(text) ? LineMarkKind.Condition : null;
        }

        var marks = text.Count(text[0]);
        var isUnderline = isBelowText && marks == text.Length && text[0] is '=' or '-';
        var isThematic = text[0] != '=' && marks >= 3 && marks + text.Count(' ') + text.Count('\t') == text.Length;
        return isThematic || isUnderline ? LineMarkKind.Unsupported : null;
    }
}
