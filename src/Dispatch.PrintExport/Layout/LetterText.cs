using Dispatch.PrintExport.Templates;

namespace Dispatch.PrintExport.Layout;

/// <summary>Whether a letter says something whatever its conditions come to.</summary>
static class LetterText
{
    public static bool IsAlwaysThere(IReadOnlyList<LetterBlock> blocks, IReadOnlyList<TemplateColumn> columns) =>
        blocks.Any(block => IsAlwaysThere(block, columns));

    static bool IsAlwaysThere(LetterBlock block, IReadOnlyList<TemplateColumn> columns) => block switch
    {
        LetterBlock.Condition condition =>
            IsAlwaysThere(condition.Then, columns) && IsAlwaysThere(condition.Else, columns),
        LetterBlock.Heading heading => IsAlwaysThere(heading.Runs, columns),
        LetterBlock.Paragraph paragraph => IsAlwaysThere(paragraph.Runs, columns),
        LetterBlock.ItemList list => list.Items.Any(item => IsAlwaysThere(item.Blocks, columns)),
        LetterBlock.Quote quote => IsAlwaysThere(quote.Blocks, columns),
        LetterBlock.Table table => table.Header.Cells.Any(cell => IsAlwaysThere(cell, columns)),
        LetterBlock.Picture => true,
        _ => false,
    };

    static bool IsAlwaysThere(IReadOnlyList<LetterRun> runs, IReadOnlyList<TemplateColumn> columns) =>
        runs.Any(run => run switch
        {
            LetterRun.Text text => !string.IsNullOrWhiteSpace(text.Value),
            LetterRun.Field { Reference: var field } =>
                field.IsConstant || (field.Source == FieldSource.Column && columns[field.Column].IsRequired),
            _ => false,
        });
}
