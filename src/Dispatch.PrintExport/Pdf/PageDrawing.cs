using Dispatch.PrintExport.Layout;

namespace Dispatch.PrintExport.Pdf;

/// <summary>Draws the pages of a measured letter: constant runs by forms, then what changes, line by line.</summary>
sealed class PageDrawing(LetterLayout layout, PageForms forms, FontEmbedding fonts, int firstHead, int laterHead)
{
    const int LabelCellsMax = 64;

    readonly uint[] _label = new uint[LabelCellsMax];
    LetterMeasure _letter = null!;
    ByteBuffer _page = null!;

    /// <summary>Writes the content of one page, counted from 0.</summary>
    public void Draw(LetterMeasure letter, int page, ByteBuffer content)
    {
        _letter = letter;
        _page = content;
        PageForms.Draw(content, page == 0 ? firstHead : laterHead, Points.PageHeight);
        var strips = letter.Page(page);
        DrawConstantRuns(strips);
        PdfContent.BeginText(content);
        if (page == 0)
        {
            DrawAddress();
        }
        else
        {
            DrawLabel(page);
        }

        foreach (var drawn in strips)
        {
            DrawChanging(drawn);
        }

        PdfContent.EndText(content);
    }

    void DrawConstantRuns(ReadOnlySpan<DrawnStrip> strips)
    {
        var (first, last, top, bottom) = (-1, -1, 0, 0);
        foreach (var drawn in strips)
        {
            ref readonly var placed = ref _letter.Placed[drawn.Placed];
            var strip = (FlowItem.Strip)layout.Items[placed.Item];
            if (placed.Kind is not (PlacedKind.Constant or PlacedKind.UsualRow))
            {
                DrawOwnContent(placed, strip, drawn.Top);
                continue;
            }

            if (first >= 0 && strip.Number == last + 1 && drawn.Top == bottom + strip.SpaceBefore)
            {
                last = strip.Number;
            }
            else
            {
                Flush(first, last, top);
                (first, last, top) = (strip.Number, strip.Number, drawn.Top);
            }

            bottom = drawn.Top + strip.Height;
        }

        Flush(first, last, top);
    }

    void Flush(int first, int last, int top)
    {
        if (first >= 0)
        {
            forms.Draw(_page, first, last, Points.PageHeight - top);
        }
    }

    /// <summary>Bars, marks and rules that go with lines whose number changes.</summary>
    void DrawOwnContent(in PlacedStrip placed, FlowItem.Strip strip, int top)
    {
        if (strip is FlowItem.Changing changing)
        {
            DrawContent(changing.EveryLine, top);
            DrawContent(placed.Kind == PlacedKind.FirstLine ? changing.FirstLine : StripContent.Empty, top);
        }
        else if (placed.Kind == PlacedKind.TallRow)
        {
            var rule = ((FlowItem.Row)strip).Rule;
            var bottom = Points.PageHeight - top - placed.Height;
            PdfContent.Box(_page, rule.Left, bottom, rule.Width, rule.Weight, rule.Gray);
        }
    }

    void DrawContent(StripContent content, int top)
    {
        if (!content.IsEmpty)
        {
            PdfContent.Shift(_page, Points.PageHeight - top);
            _page.Write(content.Bytes);
            PdfContent.EndShift(_page);
            fonts.Use(content.Cells);
        }
    }

    void DrawAddress()
    {
        var top = Points.FromMm(layout.Setting.Envelope.AddressTopMm);
        foreach (var line in _letter.Lines[.._letter.AddressLineCount])
        {
            DrawLine(layout.Address, line, top);
            top += layout.Address.Type.Leading;
        }
    }

    void DrawLabel(int page)
    {
        var (count, left) = layout.PageLabels.Write(page + 1, _letter.PageCount, _label);
        var y = Points.PageHeight - PageHead.LaterLabelTop - TypeSize.Side.Baseline;
        PdfContent.Line(_page, left, y, TypeSize.Side.Size, _label.AsSpan(0, count), layout.Fonts.Widths);
        fonts.Use(_label.AsSpan(0, count));
    }

    void DrawChanging(DrawnStrip drawn)
    {
        ref readonly var placed = ref _letter.Placed[drawn.Placed];
        switch (layout.Items[placed.Item])
        {
            case FlowItem.Changing changing:
                DrawLine(changing.Text, _letter.Lines[placed.FirstLine], drawn.Top);
                break;
            case FlowItem.Row row when placed.Kind == PlacedKind.UsualRow:
                DrawRow(row, placed.FirstLine, drawn.Top, onlyChanging: true);
                break;
            case FlowItem.Row row:
                DrawRow(row, placed.FirstLine, drawn.Top, onlyChanging: false);
                break;
        }
    }

    void DrawRow(FlowItem.Row row, int firstCell, int top, bool onlyChanging)
    {
        for (var i = 0; i < row.Cells.Length; i++)
        {
            var cell = row.Cells[i];
            if (onlyChanging && cell.IsConstant)
            {
                continue;
            }

            var measured = _letter.Cells[firstCell + i];
            var lines = cell.IsConstant ? cell.ConstantLines : _letter.Lines.Slice(
                measured.FirstLine, measured.LineCount);
            var glyphs = cell.IsConstant ? cell.ConstantCells : _letter.Glyphs;
            var lineTop = top + TableCompiler.RowPlan.TextTop;
            foreach (var line in lines)
            {
                DrawLine(cell, line, lineTop, glyphs);
                lineTop += cell.Type.Leading;
            }
        }
    }

    void DrawLine(FlowText text, TextLine line, int top) => DrawLine(text, line, top, _letter.Glyphs);

    void DrawLine(FlowText text, TextLine line, int top, ReadOnlySpan<uint> glyphs)
    {
        var cells = glyphs[line.Start..line.End];
        var y = Points.PageHeight - top - text.Type.Baseline;
        PdfContent.Line(_page, text.LineLeft(line.Width), y, text.Type.Size, cells, layout.Fonts.Widths);
        fonts.Use(cells);
    }
}
