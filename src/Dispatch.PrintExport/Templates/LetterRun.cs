namespace Dispatch.PrintExport.Templates;

/// <summary>A piece of a line: text of one style, a merge field, or a forced line break.</summary>
abstract record LetterRun
{
    /// <param name="Place">Where it stands in the job's files, for messages.</param>
    internal sealed record Text(string Value, TextStyle Style, string Place) : LetterRun;

    internal sealed record Field(FieldReference Reference, TextStyle Style) : LetterRun;

    internal sealed record Break : LetterRun;
}
