using Markdig.Helpers;
using Markdig.Parsers;

namespace Dispatch.PrintExport.Templates;

/// <summary>Takes <c>{{…}}</c> out of running text before emphasis, tables or links can look into it.</summary>
sealed class MergeFieldParser : InlineParser
{
    public MergeFieldParser()
    {
        OpeningCharacters = ['{'];
    }

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        if (slice.PeekChar() != '{')
        {
            return false;
        }

        var rest = slice.AsSpan()[2..];
        var lineEnd = rest.IndexOfAny('\r', '\n');
        var end = (lineEnd < 0 ? rest : rest[..lineEnd]).IndexOf("}}", StringComparison.Ordinal);

        // Left open: the empty text is refused by the reader, which knows the file name.
        var text = end < 0 ? "" : rest[..end].Trim().ToString();
        var position = processor.GetSourcePosition(slice.Start, out var line, out var column);
        var length = end < 0 ? 2 : end + 4;
        processor.Inline = new MergeFieldInline(text)
        {
            Line = line,
            Column = column,
            Span = new Markdig.Syntax.SourceSpan(position, position + length - 1),
        };
        slice.Start += length;
        return true;
    }
}
