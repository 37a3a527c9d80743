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
    static readonly MarkdownPipeline Pipeline = Build();

    /// <exception cref="ArgumentException">Blocks or emphasis are nested beyond any use.</exception>
    public static MarkdownDocument Parse(string markdown) => Markdown.Parse(MarkTableConditions(markdown), Pipeline);

    /// <summary>
    /// A table row must hold a pipe: a condition between the rows of a table gets pipes around it, so that it is read as a
    /// row of its own (and understood by the reader) instead of ending the table. Lines keep their numbers.
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
        var builder = new MarkdownPipelineBuilder { PreciseSourceLocation = true };
        builder.UsePipeTables(new PipeTableOptions { RequireHeaderSeparator = true });
        builder.BlockParsers.Find<ParagraphBlockParser>()!.ParseSetextHeadings = false;
        builder.BlockParsers.Replace<ThematicBreakParser>(new LineMarkParser());
        builder.InlineParsers.Insert(0, new MergeFieldParser());
        return builder.Build();
    }
}
