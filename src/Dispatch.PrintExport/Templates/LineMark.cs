using Markdig.Parsers;
using Markdig.Syntax;

namespace Dispatch.PrintExport.Templates;

/// <summary>A line that means something as a whole: a page break, a thematic line, a part of a condition.</summary>
sealed class LineMark(BlockParser parser, LineMarkKind kind, string text) : LeafBlock(parser)
{
    public LineMarkKind Kind { get; } = kind;

    /// <summary>The line without the space around it.</summary>
    public string Text { get; } = text;
}
