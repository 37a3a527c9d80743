using Markdig.Extensions.Tables;
using Markdig.Syntax.Inlines;

namespace Dispatch.PrintExport.Templates;

/// <summary>Reads running text: styles, merge fields, line breaks; refuses links, code, HTML and pictures in a
/// line.</summary>
sealed class RunReader(TemplateFault fault, TemplateColumns columns)
{
    public IReadOnlyList<LetterRun> Read(ContainerInline? inline)
    {
        var runs = new List<LetterRun>();
        if (inline is not null)
        {
            ReadChildren(inline, TextStyle.Regular, runs);
        }

        return runs;
    }

    void ReadChildren(ContainerInline container, TextStyle style, List<LetterRun> runs)
    {
        foreach (var inline in container)
        {
            ReadInline(inline, style, runs);
        }
    }

    void ReadInline(Inline inline, TextStyle style, List<LetterRun> runs)
    {
        var line = inline.Line + 1;
        switch (inline)
        {
            case LiteralInline literal:
                AddText(literal.Content.ToString(), style, line, runs);
                break;
            case HtmlEntityInline entity:
                AddText(entity.Transcoded.ToString(), style, line, runs);
                break;
            case LineBreakInline { IsHard: true }:
                runs.Add(new LetterRun.Break());
                break;
            case LineBreakInline:
                AddText(" ", style, line, runs);
                break;
            case EmphasisInline emphasis:
                ReadChildren(
                    emphasis, style | (emphasis.DelimiterCount == 2 ? TextStyle.Bold : TextStyle.Italic), runs);
                break;
            case MergeFieldInline field:
                runs.Add(new LetterRun.Field(ReadField(field.Text, line), style));
                break;
            case LinkInline { IsImage: true }:
                throw fault.Unsupported(
                    line, "a picture inside a line", "let the picture stand alone between empty lines");
            case LinkInline or AutolinkInline:
                throw fault.Unsupported(line, "a link", "write the address as text");
            case CodeInline:
                throw fault.Unsupported(line, "code", "leave out the backticks");
            case HtmlInline:
                throw fault.Unsupported(line, "HTML", "write '<' as '\\<'");
            case PipeTableDelimiterInline or DelimiterInline:
                AddText(((DelimiterInline)inline).ToLiteral(), style, line, runs);
                ReadChildren((DelimiterInline)inline, style, runs);
                break;
            default:
                throw fault.Unsupported(line, "this text", "use plain, bold and italic text and merge fields");
        }
    }

    FieldReference ReadField(string text, int line)
    {
        if (LineMarkParser.IsCondition($"{{{{{text}}}}}") || text.StartsWith("/if", StringComparison.Ordinal))
        {
            throw fault.Condition(line, "a condition stands inside a line");
        }

        return text.Length == 0 || text[0] is '#' or '/' or '>' or '^' or '!' or '&' or '{' || text is "else"
            ? throw fault.Unsupported(line, "this merge field", "write '{{column}}' or '{{column:format}}' in one line")
            : columns.Print(text, line);
    }

    // Text of several lines stays in several runs: each can be told by its line.
    void AddText(string text, TextStyle style, int line, List<LetterRun> runs)
    {
        var place = fault.PlaceOf(line);
        if (runs.Count > 0 && runs[^1] is LetterRun.Text last && last.Style == style && last.Place == place)
        {
            runs[^1] = last with { Value = last.Value + text };
        }
        else
        {
            runs.Add(new LetterRun.Text(text, style, place));
        }
    }
}
