using Dispatch.PrintExport.Templates;
using Dispatch.Routing.Pipeline;
using Dispatch.Routing.Rules;

namespace Dispatch.PrintExport.Layout;

/// <summary>
/// Measures one letter after the other: sets its values, breaks lines, cuts pages. What it found lies in its lists
/// until the next letter, and drawing follows it. One thread at a time; allocates nothing once its lists have grown.
/// </summary>
sealed class LetterMeasure
{
    const int KeptItemsMax = 100_000;

    readonly ValueCells _values = new();
    readonly GrowingList<TextLine> _lines = new();
    readonly GrowingList<MeasuredCell> _cells = new();
    readonly GrowingList<PlacedStrip> _placed = new();
    readonly PageCut _pages = new();
    LetterLayout _layout = null!;
    LetterValues _letter = null!;
    int _headerAt;
    bool _isBlank;
    long _height;

    /// <summary>Of the letter, after <see cref="Measure"/>; without a blank back.</summary>
    public int PageCount => _pages.Count;

    /// <summary>The character no font has, after <see cref="Reason.RenderGlyph"/>.</summary>
    public int MissingCodePoint => _values.MissingCodePoint;

    /// <summary>
    /// Line in letter.md of the table row that fits no page, after <see cref="Reason.RenderOverflow"/>; else 0.
    /// </summary>
    public int OverflowLine { get; private set; }

    /// <summary>Lines of the address block at the front of <see cref="Lines"/>.</summary>
    public int AddressLineCount { get; private set; }

    public ReadOnlySpan<uint> Glyphs => _values.Cells.Items;

    public ReadOnlySpan<TextLine> Lines => _lines.Items;

    public ReadOnlySpan<MeasuredCell> Cells => _cells.Items;

    public ReadOnlySpan<PlacedStrip> Placed => _placed.Items;

    /// <summary>The strips of a page, counted from 0.</summary>
    public ReadOnlySpan<DrawnStrip> Page(int page) => _pages[page];

    /// <summary>Gives <see cref="Reason.None"/> or why the letter cannot be composed.</summary>
    public Reason Measure(LetterLayout layout, LetterValues letter)
    {
        _layout = layout;
        _letter = letter;
        _values.Clear();
        _lines.Shrink(KeptItemsMax);
        _cells.Shrink(KeptItemsMax);
        _placed.Shrink(KeptItemsMax);
        _headerAt = -1;
        _isBlank = layout.MayBeBlank;
        OverflowLine = 0;
        _height = 0;
        var reason = MeasureAddress();
        if (reason == Reason.None)
        {
            reason = MeasureBody();
        }

        if (reason == Reason.None && _isBlank)
        {
            reason = Reason.FieldMissing;
        }

        if (reason == Reason.None && !_pages.Cut(layout, _placed.Items))
        {
            reason = Reason.RenderTooManyPages;
        }

        return reason;
    }

    Reason MeasureAddress()
    {
        AddressLineCount = 0;
        var address = _layout.Address;
        var isOnPaper = !_letter.AddressLines.IsEmpty;
        var start = _values.Cells.Count;
        var block = isOnPaper ? _letter.AddressLines : _letter.RecipientName;
        var reason = _values.Add(block, _layout.Fonts.Map(TextStyle.Regular));
        if (reason != Reason.None)
        {
            return reason;
        }

        LineBreaker.Break(
            _values.Cells.Items, start, _values.Cells.Count, _layout.Fonts.Widths, address.WidthEm, _lines);
        if (_lines.Count <= _layout.Setting.Envelope.AddressLinesMax)
        {
            AddressLineCount = _lines.Count;
            return Reason.None;
        }

        // A digital letter goes into no envelope. Its values hold a name only because the letter's text prints it, so a
        // name too long for the window is left out there and nothing is lost.
        _lines.Clear();
        return isOnPaper ? Reason.RenderOverflow : Reason.None;
    }

    Reason MeasureBody()
    {
        var items = _layout.Items;
        var heightMax = (long)(LetterLayout.PagesMax + 1) * Points.PageHeight;
        for (var at = 0; at < items.Length; at++)
        {
            var reason = Reason.None;
            switch (items[at])
            {
                case FlowItem.Constant strip:
                    PlaceConstant(at, strip);
                    break;
                case FlowItem.Row row:
                    reason = PlaceRow(at, row);
                    break;
                case FlowItem.Changing text:
                    reason = PlaceText(at, text);
                    break;
                case FlowItem.Branch branch:
                    at = ValueCells.IsTrue(branch.Subject, _letter) ? at : branch.ElseTarget - 1;
                    break;
                case FlowItem.Jump jump:
                    at = jump.Target - 1;
                    break;
                case FlowItem.PageBreak:
                    _placed.Add(new(-1, 0, PlacedKind.PageBreak, false, 0, 0, -1));
                    break;
            }

            if (reason != Reason.None)
            {
                return reason;
            }

            if (_height > heightMax)
            {
                return Reason.RenderTooManyPages;
            }
        }

        return Reason.None;
    }

    void PlaceConstant(int item, FlowItem.Constant strip)
    {
        if (strip.Part == TablePart.Header)
        {
            _headerAt = _placed.Count;
        }

        Place(new(
            item, 0, PlacedKind.Constant, strip.KeepsNext, strip.SpaceBefore, strip.Height,
            strip.Part == TablePart.Body ? _headerAt : -1));
        _isBlank &= !strip.IsVisible;
    }

    Reason PlaceText(int item, FlowItem.Changing strip)
    {
        var first = _lines.Count;
        var reason = AddLines(strip.Text);
        var count = _lines.Count - first;
        for (var i = 0; i < count && reason == Reason.None; i++)
        {
            // Two lines at least stay together at the foot and at the head of a page.
            var keeps = strip.KeepsNext || count > 1 && (i == 0 || i == count - 2);
            var kind = i == 0 ? PlacedKind.FirstLine : PlacedKind.Line;
            Place(new(item, first + i, kind, keeps, i == 0 ? strip.SpaceBefore : 0, strip.Height, -1));
        }

        _isBlank &= count == 0;
        return reason;
    }

    Reason PlaceRow(int item, FlowItem.Row row)
    {
        var (firstCell, lineCount) = (_cells.Count, row.Lines);
        foreach (var cell in row.Cells)
        {
            var firstLine = _lines.Count;
            if (!cell.IsConstant && AddLines(cell) is var reason && reason != Reason.None)
            {
                return reason;
            }

            _cells.Add(new(firstLine, _lines.Count - firstLine));
            lineCount = Math.Max(lineCount, _lines.Count - firstLine);
        }

        if (row.Part == TablePart.Header)
        {
            _headerAt = _placed.Count;
        }

        var headerAt = row.Part == TablePart.Body ? _headerAt : -1;
        var isUsual = lineCount == row.Lines;
        var height = isUsual ? row.Height : TableCompiler.RowPlan.HeightOf(lineCount);
        if (height > RowHeightMax(headerAt))
        {
            OverflowLine = row.SourceLine;
            return Reason.RenderOverflow;
        }

        var kind = isUsual ? PlacedKind.UsualRow : PlacedKind.TallRow;
        Place(new(item, firstCell, kind, row.KeepsNext, row.SpaceBefore, height, headerAt));
        _isBlank = false;
        return Reason.None;
    }

    /// <summary>A row is never split: it must fit a page after the first, below the header drawn again there.</summary>
    int RowHeightMax(int headerAt)
    {
        var header = headerAt < 0 ? 0 : _placed[headerAt].Height;
        return _layout.LaterBodyHeight - (header <= _layout.RepeatedHeaderHeightMax ? header : 0);
    }

    Reason AddLines(FlowText text)
    {
        var start = _values.Cells.Count;
        foreach (var part in text.Parts)
        {
            if (part.Cells is { } cells)
            {
                _values.Cells.AddRange(cells);
                continue;
            }

            var reason = _values.AddField(part.Field, part.Map!, _letter);
            if (reason != Reason.None)
            {
                return reason;
            }
        }

        return LineBreaker.Break(
            _values.Cells.Items, start, _values.Cells.Count, _layout.Fonts.Widths, text.WidthEm, _lines)
            ? Reason.None
            : Reason.RenderTooManyPages;
    }

    void Place(PlacedStrip strip)
    {
        _placed.Add(strip);
        _height += strip.Space + strip.Height;
    }
}
