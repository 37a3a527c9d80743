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
    public static MarkdownDocument Parse(string markdown) => Markdown.Parse(markdown, Pipeline);

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
