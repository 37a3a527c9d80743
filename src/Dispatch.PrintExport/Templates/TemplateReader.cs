using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Dispatch.PrintExport.Templates;

/// <summary>Turns what Markdig read into the letter's own blocks, and refuses all that is not in the grammar.</summary>
sealed class TemplateReader(TemplateFault fault, TemplateColumns columns, IReadOnlyDictionary<string, byte[]> assets)
{
    /// <summary>Conditions, quotes and list items inside each other.</summary>
    internal const int DepthMax = 20;

    /// <summary>A list, and two more nested in it.</summary>
    const int ListDepthMax = 3;

    readonly RunReader _runs = new(fault, columns);
    readonly Dictionary<string, LetterPicture> _pictures = new(StringComparer.Ordinal);
    int _listDepth;
    long _pixels;

    public IReadOnlyDictionary<string, LetterPicture> Pictures => _pictures;

    public IReadOnlyList<LetterBlock> Read(MarkdownDocument document) => ReadContainer(document, 0);

    IReadOnlyList<LetterBlock> ReadContainer(ContainerBlock container, int depth)
    {
        if (depth > DepthMax)
        {
            throw fault.Depth(container.Line + 1, DepthMax);
        }

        return new ConditionReader<Block>([.. container], MarkOf, ReadBlock, columns, fault).Read(depth);

        static (int Line, string Text)? MarkOf(Block block) => block is LineMark { Kind: LineMarkKind.Condition } mark
            ? (mark.Line + 1, mark.Text[2..^2].Trim())
            : null;
    }

    void ReadBlock(Block block, int depth, List<LetterBlock> blocks)
    {
        var line = block.Line + 1;
        switch (block)
        {
            case HeadingBlock { Level: <= 3 } heading:
                blocks.Add(new LetterBlock.Heading(line, heading.Level, _runs.Read(heading.Inline)));
                break;
            case HeadingBlock:
                throw fault.Unsupported(line, "a heading below level 3", "use '#', '##' or '###'");
            case ParagraphBlock { Inline: { } inline } when LonePicture(inline) is { } link:
                blocks.Add(new LetterBlock.Picture(line, FindPicture(link, line)));
                break;
            case ParagraphBlock paragraph:
                blocks.Add(new LetterBlock.Paragraph(line, _runs.Read(paragraph.Inline)));
                break;
            case ListBlock list:
                blocks.Add(ReadList(list, depth));
                break;
            case QuoteBlock quote:
                blocks.Add(new LetterBlock.Quote(line, ReadContainer(quote, depth + 1)));
                break;
            case Table table:
                blocks.Add(ReadTable(table, depth));
                break;
            case LineMark mark:
                blocks.Add(ReadMark(mark, line));
                break;
            case LinkReferenceDefinitionGroup links:
                throw fault.Unsupported(
                    (links.Count > 0 ? links[0].Line : links.Line) + 1, "a link", "write the address as text");
            case CodeBlock:
                throw fault.Unsupported(line, "a code block", "take away the indentation or the fence");
            case HtmlBlock:
                throw fault.Unsupported(line, "HTML", "write it as text or in Markdown");
            case BlankLineBlock:
                break;
            default:
                throw fault.Unsupported(
                    line, "this block", "use headings, paragraphs, lists, tables, quotes and pictures");
        }
    }

    LetterBlock ReadMark(LineMark mark, int line)
    {
        if (mark.Kind == LineMarkKind.Unsupported)
        {
            throw fault.Unsupported(
                line, $"'{mark.Text}'", "write '***' for a line, '---' for a page break, '#' before a heading");
        }

        if (mark.Kind == LineMarkKind.ThematicLine)
        {
            return new LetterBlock.ThematicLine(line);
        }

        return mark.Parent is MarkdownDocument
            ? new LetterBlock.PageBreak(line)
            : throw fault.Unsupported(line, "a page break inside a list or a quote", "end the list or quote before it");
    }

    LetterBlock.ItemList ReadList(ListBlock list, int depth)
    {
        var line = list.Line + 1;
        if (++_listDepth > ListDepthMax)
        {
            throw fault.Unsupported(line, "a list nested more than twice", "take the list apart");
        }

        var items = new List<LetterBlock.Item>();
        foreach (var item in list.Cast<ListItemBlock>())
        {
            items.Add(new(item.Line + 1, ReadContainer(item, depth + 1)));
        }

        _listDepth--;
        int? first = list.IsOrdered ? int.Parse(
            list.OrderedStart ?? "1", System.Globalization.CultureInfo.InvariantCulture) : null;
        return new(line, first, list.IsLoose, items);
    }

    LetterBlock.Table ReadTable(Table table, int depth)
    {
        var rows = table.Cast<TableRow>().ToList();
        var header = ReadRow(rows[0], table.ColumnDefinitions.Count);
        var alignments = header.Cells.Select((_, i) => AlignmentOf(table, i)).ToList();
        var body = new ConditionReader<TableRow>(rows[1..], MarkOf, AddRow, columns, fault).Read(depth);
        return new(table.Line + 1, alignments, header, body);

        void AddRow(TableRow row, int _, List<LetterBlock> blocks) => blocks.Add(ReadRow(row, header.Cells.Count));
    }

    LetterBlock.Row ReadRow(TableRow row, int cellCount)
    {
        var line = row.Line + 1;

        // Markdig fills short rows, the header among them, up to the longest row of the table: such cells have no text.
        var cells = row.Cast<TableCell>().Where((cell, i) => i < cellCount || cell.Count > 0).Select(CellRuns).ToList();
        if (cells.Count > cellCount)
        {
            throw fault.Unsupported(
                line, $"a table row of {cells.Count} cells where '---' is given for {cellCount}",
                "give every row the same cells");
        }

        while (cells.Count < cellCount)
        {
            cells.Add([]);
        }

        return new(line, cells);
    }

    IReadOnlyList<LetterRun> CellRuns(TableCell cell) => cell.Count switch
    {
        0 => [],
        1 when cell[0] is ParagraphBlock paragraph => _runs.Read(paragraph.Inline),
        _ => throw fault.Unsupported(
            cell.Line + 1, "a table cell of several blocks", "write text and merge fields in cells"),
    };

    /// <summary>A condition between table rows is read by Markdig as a row of one cell.</summary>
    static (int Line, string Text)? MarkOf(TableRow row)
    {
        MergeFieldInline? found = null;
        foreach (var inline in row.Cast<TableCell>().SelectMany(cell => cell).OfType<LeafBlock>().SelectMany(Children))
        {
            if (found is not null || inline is not MergeFieldInline field)
            {
                return null;
            }

            found = field;
        }

        return found is not null && LineMarkParser.IsCondition($"{{{{{found.Text}}}}}") ? (
            found.Line + 1, found.Text) : null;

        static IEnumerable<Inline> Children(LeafBlock block) => block.Inline ?? Enumerable.Empty<Inline>();
    }

    static CellAlignment AlignmentOf(Table table, int column) =>
        table.ColumnDefinitions[column].Alignment switch
        {
            TableColumnAlign.Right => CellAlignment.Right,
            TableColumnAlign.Center => CellAlignment.Center,
            _ => CellAlignment.Left,
        };

    LetterPicture FindPicture(LinkInline link, int line)
    {
        var name = LetterTemplate.AssetNameOf(link);
        if (!_pictures.TryGetValue(name, out var picture))
        {
            picture = assets.TryGetValue(name, out var bytes)
                || assets.TryGetValue(LetterTemplate.LiteralAssetNameOf(link), out bytes)
                ? LetterPicture.Read(name, bytes, LetterLimits.PixelsMax - _pixels)
                : throw fault.AssetMissing(line, name);
            _pictures.Add(name, picture);
            _pixels += (long)picture.Header.Width * picture.Header.Height;
        }

        return picture;
    }

    static LinkInline? LonePicture(ContainerInline inline) =>
        inline.FirstChild is LinkInline { IsImage: true, NextSibling: null } link ? link : null;
}
