using Dispatch.PrintExport.Templates;
using Dispatch.Routing;

namespace Dispatch.PrintExport.Layout;

/// <summary>Turns the parsed letter into the steps that measuring and drawing walk through.</summary>
sealed class FlowCompiler(LetterSurroundings letter, PictureList pictures, LetterLayout layout)
{
    const int ParagraphGap = 700;
    const int TightItemGap = 200;
    const int HeadingGap = 300;
    const int QuoteIndent = 1400;
    const int QuoteBarWidth = 200;
    const int QuoteBarGray = 70;
    const int RuleHeight = 60;
    const int RuleGray = 55;

    readonly List<FlowItem> _items = [];
    int _strips;
    uint[]? _mark;
    int _markLeft;

    public static FlowItem[] Compile(
        IReadOnlyList<LetterBlock> blocks, LetterSurroundings letter, PictureList pictures, FlowFrame frame,
        LetterLayout layout)
    {
        var compiler = new FlowCompiler(letter, pictures, layout);
        compiler.AddBlocks(blocks, frame, ParagraphGap);
        return [.. compiler._items];
    }

    static int SpaceBefore(LetterBlock block, LetterBlock? previous, int gap) => block switch
    {
        _ when previous is LetterBlock.Heading heading && block is not LetterBlock.Heading =>
            HeadingGap + (heading.Level == 1 ? 300 : 0),
        LetterBlock.Heading title => ParagraphGap + (4 - title.Level) * 250,
        _ => gap,
    };

    void AddBlocks(IReadOnlyList<LetterBlock> blocks, FlowFrame frame, int gap)
    {
        LetterBlock? previous = null;
        foreach (var block in blocks)
        {
            AddBlock(block, frame, SpaceBefore(block, previous, gap), gap);
            previous = block;
        }
    }

    void AddBlock(LetterBlock block, FlowFrame frame, int space, int gap)
    {
        switch (block)
        {
            case LetterBlock.Heading heading:
                AddText(heading.Runs, TypeSize.OfHeading(heading.Level), TextStyle.Bold, frame, space, keepsNext: true);
                break;
            case LetterBlock.Paragraph paragraph:
                AddText(paragraph.Runs, TypeSize.Body, TextStyle.Regular, frame, space, keepsNext: false);
                break;
            case LetterBlock.ItemList list:
                AddList(list, frame, space);
                break;
            case LetterBlock.Quote quote:
                AddQuote(quote, frame, space);
                break;
            case LetterBlock.Table table:
                AddLoneMark(frame, space);
                new TableCompiler(letter, frame).Add(table, space, row => AddRow(row, frame), AddCondition);
                break;
            case LetterBlock.Picture picture:
                AddPicture(picture, frame, space);
                break;
            case LetterBlock.ThematicLine:
                AddConstant(space, RuleHeight, keepsNext: false, frame, isVisible: false, content =>
                    content.Box(frame.Left, 0, frame.Width, RuleHeight, RuleGray));
                break;
            case LetterBlock.PageBreak:
                _items.Add(new FlowItem.PageBreak());
                break;
            case LetterBlock.Condition condition:
                AddCondition(condition, branch => AddBlocks(branch, frame, gap));
                break;
        }
    }

    void AddCondition(LetterBlock.Condition condition, Action<IReadOnlyList<LetterBlock>> addBranch)
    {
        var branch = new FlowItem.Branch(condition.Subject);
        _items.Add(branch);
        addBranch(condition.Then);
        if (condition.Else.Count == 0)
        {
            branch.ElseTarget = _items.Count;
            return;
        }

        var jump = new FlowItem.Jump();
        _items.Add(jump);
        branch.ElseTarget = _items.Count;
        addBranch(condition.Else);
        jump.Target = _items.Count;
    }

    void AddText(
        IReadOnlyList<LetterRun> runs, TypeSize type, TextStyle style, FlowFrame frame, int space, bool keepsNext)
    {
        var text = FlowText.Create(runs, type, style, letter, frame.Left, frame.Width);
        var mark = TakeMark();
        if (!text.IsConstant)
        {
            _items.Add(new FlowItem.Changing
            {
                Number = _strips++,
                SpaceBefore = space,
                Height = type.Leading,
                KeepsNext = keepsNext,
                Text = text,
                EveryLine = Content(content => AddBars(content, frame, type.Leading)),
                FirstLine = Content(content => AddMark(content, mark, type)),
            });
            return;
        }

        var lines = text.ConstantLines.ToArray();
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            var isFirst = i == 0;

            // Two lines at least stay together at the foot and at the head of a page.
            var keeps = keepsNext || lines.Length > 1 && (isFirst || i == lines.Length - 2);
            AddConstant(isFirst ? space : 0, type.Leading, keeps, frame, isVisible: true, content =>
            {
                AddMark(content, isFirst ? mark : null, type);
                content.Text(text.LineLeft(line.Width), 0, type, text.ConstantCells.AsSpan(line.Start..line.End));
            });
        }
    }

    void AddList(LetterBlock.ItemList list, FlowFrame frame, int space)
    {
        var gap = list.IsLoose ? ParagraphGap : TightItemGap;
        var marks = ListMarks.Of(list, letter, frame);
        var inner = frame.Indent(marks.Indent) with { ListDepth = frame.ListDepth + 1 };
        var itemSpace = frame.ListDepth > 0 && !list.IsLoose ? TightItemGap : space;
        foreach (var (item, i) in list.Items.Select((item, i) => (item, i)))
        {
            AddLoneMark(inner, itemSpace);
            (_markLeft, _mark) = marks.Marks[i];
            if (item.Blocks.Count == 0 || item.Blocks[0] is not (LetterBlock.Paragraph or LetterBlock.Heading))
            {
                AddLoneMark(inner, itemSpace);
            }

            AddItem(item, inner, itemSpace, gap);
            itemSpace = gap;
        }
    }

    void AddItem(LetterBlock.Item item, FlowFrame frame, int firstSpace, int gap)
    {
        LetterBlock? previous = null;
        foreach (var block in item.Blocks)
        {
            AddBlock(block, frame, previous is null ? firstSpace : SpaceBefore(block, previous, gap), gap);
            previous = block;
        }
    }

    void AddQuote(LetterBlock.Quote quote, FlowFrame frame, int space)
    {
        AddLoneMark(frame, space);
        var inner = frame.Indent(QuoteIndent) with { Bars = [.. frame.Bars, frame.Left] };
        AddBlocks(quote.Blocks, inner, ParagraphGap);
    }

    void AddPicture(LetterBlock.Picture picture, FlowFrame frame, int space)
    {
        AddLoneMark(frame, space);
        var index = pictures.IndexOf(picture.Image);
        var (width, height) = picture.Image.SizeWithin(frame.Width, layout.BodyHeightMin);
        AddConstant(
            space, height, keepsNext: false, frame, isVisible: true,
            content => content.Picture(index, frame.Left, 0, width, height));
    }

    void AddRow(TableCompiler.RowPlan row, FlowFrame frame)
    {
        if (row.Height > Math.Min(layout.BodyHeightMin, layout.RowHeightSure))
        {
            throw new DispatchException(
                "template.unsupported",
                $"a table row is higher than a page (line {row.Line}); a row is never split: make several rows of it");
        }

        var content = Content(builder =>
        {
            AddBars(builder, frame, row.Height);
            row.Draw(builder);
        });
        _items.Add(row.IsConstant
            ? new FlowItem.Constant
            {
                Number = _strips++,
                SpaceBefore = row.SpaceBefore,
                Height = row.Height,
                KeepsNext = row.Part == TablePart.Header,
                Content = content,
                Part = row.Part,
                IsVisible = row.Cells.Any(cell => cell.ConstantLines.Length > 0),
            }
            : new FlowItem.Row
            {
                Number = _strips++,
                SpaceBefore = row.SpaceBefore,
                Height = row.Height,
                KeepsNext = row.Part == TablePart.Header,
                Cells = row.Cells,
                Content = content,
                Lines = row.Lines,
                SourceLine = row.Line,
                Part = row.Part,
                Rule = row.Rule,
            });
    }

    /// <summary>A list item that does not begin with text has its mark on a line of its own.</summary>
    void AddLoneMark(FlowFrame frame, int space)
    {
        if (TakeMark() is { } mark)
        {
            AddConstant(space, TypeSize.Body.Leading, keepsNext: true, frame, isVisible: false, content =>
                content.Text(mark.Left, 0, TypeSize.Body, mark.Cells));
        }
    }

    void AddConstant(
        int space, int height, bool keepsNext, FlowFrame frame, bool isVisible, Action<StripContent.Builder> draw) =>
        _items.Add(new FlowItem.Constant
        {
            IsVisible = isVisible,
            Number = _strips++,
            SpaceBefore = space,
            Height = height,
            KeepsNext = keepsNext,
            Content = Content(content =>
            {
                AddBars(content, frame, height);
                draw(content);
            }),
        });

    StripContent Content(Action<StripContent.Builder> draw)
    {
        using var builder = new StripContent.Builder(letter.Fonts.Widths);
        draw(builder);
        return builder.Build();
    }

    static void AddBars(StripContent.Builder content, FlowFrame frame, int height)
    {
        foreach (var bar in frame.Bars)
        {
            content.Box(bar, 0, QuoteBarWidth, height, QuoteBarGray);
        }
    }

    static void AddMark(StripContent.Builder content, (int Left, uint[] Cells)? mark, TypeSize type)
    {
        if (mark is { } found)
        {
            content.Text(found.Left, 0, type, found.Cells);
        }
    }

    (int Left, uint[] Cells)? TakeMark()
    {
        var mark = _mark is null ? default((int, uint[])?) : (_markLeft, _mark);
        _mark = null;
        return mark;
    }
}
