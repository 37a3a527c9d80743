namespace Dispatch.PrintExport.Templates;

/// <summary>The parsed letter: what the grammar allows and nothing else. Lines are 1-based lines of the file.</summary>
abstract record LetterBlock(int Line)
{
    internal sealed record Heading(int Line, int Level, IReadOnlyList<LetterRun> Runs) : LetterBlock(Line);

    internal sealed record Paragraph(int Line, IReadOnlyList<LetterRun> Runs) : LetterBlock(Line);

    /// <param name="FirstNumber">Number of the first item; null for a bullet list.</param>
    internal sealed record ItemList(
        int Line, int? FirstNumber, bool IsLoose, IReadOnlyList<Item> Items) : LetterBlock(Line);

    internal sealed record Item(int Line, IReadOnlyList<LetterBlock> Blocks);

    internal sealed record Quote(int Line, IReadOnlyList<LetterBlock> Blocks) : LetterBlock(Line);

    /// <param name="Alignments">One per column.</param>
    /// <param name="Header">As many cells as columns; bold.</param>
    /// <param name="Rows">Rows, and conditions around rows.</param>
    internal sealed record Table(
        int Line, IReadOnlyList<CellAlignment> Alignments, Row Header,
        IReadOnlyList<LetterBlock> Rows) : LetterBlock(Line);

    internal sealed record Row(int Line, IReadOnlyList<IReadOnlyList<LetterRun>> Cells) : LetterBlock(Line);

    internal sealed record Picture(int Line, LetterPicture Image) : LetterBlock(Line);

    internal sealed record ThematicLine(int Line) : LetterBlock(Line);

    internal sealed record PageBreak(int Line) : LetterBlock(Line);

    /// <summary>True = the value is not empty and not <c>0</c>.</summary>
    internal sealed record Condition(
        int Line, FieldReference Subject, IReadOnlyList<LetterBlock> Then, IReadOnlyList<LetterBlock> Else)
        : LetterBlock(Line);
}
