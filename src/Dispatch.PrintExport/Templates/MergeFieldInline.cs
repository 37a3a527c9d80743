using Markdig.Syntax.Inlines;

namespace Dispatch.PrintExport.Templates;

/// <summary>What stands between <c>{{</c> and <c>}}</c> in running text, not yet understood.</summary>
sealed class MergeFieldInline(string text) : LeafInline
{
    public string Text { get; } = text;
}
