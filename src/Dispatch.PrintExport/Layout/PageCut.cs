namespace Dispatch.PrintExport.Layout;

/// <summary>Cuts measured strips into pages: strips that keep the next one with them stay together where a page can
/// hold them, and a table goes on below its header.</summary>
sealed class PageCut
{
    readonly GrowingList<DrawnStrip> _drawn = new();
    readonly GrowingList<int> _pageStarts = new();
    LetterLayout _layout = null!;
    int _y;
    bool _isPageEmpty;

    public int Count => _pageStarts.Count;

    public ReadOnlySpan<DrawnStrip> this[int page] => _drawn.Items[
        _pageStarts[page]..(page + 1 < _pageStarts.Count ? _pageStarts[page + 1] : _drawn.Count)];

    /// <returns>False when there are more pages than a letter may have.</returns>
    public bool Cut(LetterLayout layout, ReadOnlySpan<PlacedStrip> strips)
    {
        _layout = layout;
        _drawn.Clear();
        _pageStarts.Clear();
        StartPage();
        var at = 0;
        while (at < strips.Length && Count <= LetterLayout.PagesMax)
        {
            if (strips[at].Kind == PlacedKind.PageBreak)
            {
                StartPage();
                at++;
                continue;
            }

            at = PlaceGroup(strips, at);
        }

        // A page break at the very end asks for no empty page.
        if (at == strips.Length && _isPageEmpty && Count > 1)
        {
            _pageStarts.Advance(-1);
        }

        return Count <= LetterLayout.PagesMax;
    }

    int PlaceGroup(ReadOnlySpan<PlacedStrip> strips, int first)
    {
        var height = strips[first].Height;
        var end = first + 1;
        while (strips[end - 1].KeepsNext && end < strips.Length && strips[end].Kind != PlacedKind.PageBreak
            && height + strips[end].Space + strips[end].Height <= GroupHeightMax(strips[end], end))
        {
            height += strips[end].Space + strips[end].Height;
            end++;
        }

        // The first page has less room than the later ones: a row too high for it goes on, even when nothing is on it.
        var space = _isPageEmpty ? 0 : strips[first].Space;
        if ((!_isPageEmpty || Count == 1) && _y + space + height > PageHead.BodyBottom)
        {
            StartPage();
            RepeatHeader(strips, first);
        }

        for (var i = first; i < end; i++)
        {
            Draw(i, strips[i]);
        }

        return end;
    }

    /// <summary>A table's header and its first row stay together wherever a page holds both.</summary>
    int GroupHeightMax(in PlacedStrip strip, int index) =>
        strip.HeaderAt >= 0 && strip.HeaderAt == index - 1 ? _layout.LaterBodyHeight : _layout.BodyHeightMin / 2;

    void RepeatHeader(ReadOnlySpan<PlacedStrip> strips, int first)
    {
        var header = strips[first].HeaderAt;
        if (header >= 0 && strips[header].Height <= _layout.RepeatedHeaderHeightMax)
        {
            Draw(header, strips[header]);
        }
    }

    void Draw(int index, in PlacedStrip strip)
    {
        _y += _isPageEmpty ? 0 : strip.Space;
        _drawn.Add(new(index, _y));
        _y += strip.Height;
        _isPageEmpty = false;
    }

    void StartPage()
    {
        _y = Count == 0 ? _layout.FirstHead.BodyTop : _layout.LaterHead.BodyTop;
        _pageStarts.Add(_drawn.Count);
        _isPageEmpty = true;
    }
}
