using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Parsers;
using Markdig.Syntax;

namespace Dispatch.PrintExport.Templates;

/// <summary>
/// Reads the letter with CommonMark and pipe tables. Everything Markdig knows beyond the letter grammar (HTML, code,
/// links) stays switched on, so that it is found and refused instead of printed.
/// </summary>
static class LetterMarkdown
{
    /// <summary>Deeper than any letter the reader lets through (a list item and its list count twice).</summary>
    const int NestingMax = 64;

    static readonly MarkdownPipeline Pipeline = Build();

    /// <exception cref="ArgumentException">Blocks or emphasis are nested beyond any use.</exception>
    public static MarkdownDocument Parse(string markdown) => Markdown.Parse(MarkTableConditions(markdown), Pipeline);

    /// <summary>
    /// Finds a line that opens more quotes and lists than <paramref name="max"/>, before Markdig sees it: its time
    /// grows with the square of their number.
    /// </summary>
    /// <returns>The 1-based line, or 0.</returns>
    public static int FindDeeperThan(int max, string markdown)
    {
        var number = 0;
        foreach (var line in markdown.AsSpan().EnumerateLines())
        {
            number++;
            var depth = 0;
            for (var rest = line.TrimStart(); MarkLength(rest) is var length and > 0; rest = rest[length..].TrimStart())
            {
                if (++depth > max)
                {
                    return number;
                }
            }
        }

        return 0;
    }

    static int MarkLength(ReadOnlySpan<char> text)
    {
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        if (digits > 0 && text[digits] is '.' or ')')
        {
            return IsSpace(text, digits + 1) ? digits + 1 : 0;
        }

        return text.StartsWith(">") || text.IndexOfAny('-', '*', '+') == 0 && IsSpace(text, 1) ? 1 : 0;

        static bool IsSpace(ReadOnlySpan<char> text, int at) => at < text.Length && text[at] is ' ' or '\t';
    }

    /// <summary>
    /// A table row must hold a pipe: a condition between the rows of a table gets pipes around it, so that it is read
    /// as a row of its own (and understood by the reader) instead of ending the table. Lines keep their numbers.
    /// </summary>
    static string MarkTableConditions(string markdown)
    {
        var lines = markdown.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
        var isTable = false;
        for (var i = 1; i < lines.Length; i++)
        {
            var line = lines[i].AsSpan().Trim();
            isTable = !line.IsEmpty && (isTable || IsDelimiterRow(line) && lines[i - 1].Contains('|'));
            if (isTable && LineMarkParser.IsCondition(line))
            {
                lines[i] = $"| {line} |";
            }
        }

        return string.Join('\n', lines);
    }

    static bool IsDelimiterRow(ReadOnlySpan<char> line) =>
        line.Contains('|') && line.Contains('-') && !line.ContainsAnyExcept("|:- \t");

    static MarkdownPipeline Build()
    {
        var builder = new MarkdownPipelineBuilder { PreciseSourceLocation = true, MaximumNestingDepth = NestingMax };
        builder.UsePipeTables(new PipeTableOptions { RequireHeaderSeparator = true });
        builder.BlockParsers.Find<ParagraphBlockParser>()!.ParseSetextHeadings = false;
        builder.BlockParsers.Replace<ThematicBreakParser>(new LineMarkParser());
        builder.InlineParsers.Insert(0, new MergeFieldParser());
        return builder.Build();
    }
}
