namespace Dispatch.PrintExport.Templates;

/// <summary>A piece of a line: text of one style, a merge field, or a forced line break.</summary>
abstract record LetterRun
{
    internal sealed record Text(string Value, TextStyle Style) : LetterRun;

    internal sealed record Field(FieldReference Reference, TextStyle Style) : LetterRun;

    internal sealed record Break : LetterRun;
}
