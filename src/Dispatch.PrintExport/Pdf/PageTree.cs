namespace Dispatch.PrintExport.Pdf;

/// <summary>
/// The page tree (ISO 32000-1, 7.7.3), grown from its leaves while pages are written: 64 children a node, so that
/// readers find page 900,000 in four steps and we never hold more than one open node a level.
/// </summary>
sealed class PageTree(PdfObjects objects, int root)
{
    const int ChildrenMax = 64;

    readonly List<Level> _levels = [];

    public int PageCount { get; private set; }

    /// <summary>The object the next page must name as its parent.</summary>
    public int ParentOfNext => Open(0).Number;

    /// <summary>Takes the next page.</summary>
    public void Add(int page)
    {
        PageCount++;
        Add(0, page, 1);
    }

    /// <summary>Writes what is open and the root.</summary>
    /// <param name="inherited">Entries every page inherits from the root.</param>
    public void Finish(ReadOnlySpan<byte> inherited)
    {
        for (var height = 0; height < _levels.Count - 1; height++)
        {
            if (_levels[height].Children.Count > 0)
            {
                Close(height);
            }
        }

        var top = _levels.Count == 0 ? null : _levels[^1];
        if (top is not null)
        {
            WriteNode(top.Number, root, top);
        }

        objects.Begin(root);
        objects.Buffer.Write($"<</Type/Pages/Count {PageCount}/Kids[{(top is null ? "" : $"{top.Number} 0 R")}]");
        objects.Buffer.Write(inherited);
        objects.Buffer.Write(">>"u8);
        objects.End();
    }

    void Add(int height, int child, int pages)
    {
        var level = Open(height);
        level.Children.Add(child);
        level.Pages += pages;
        if (level.Children.Count == ChildrenMax)
        {
            Close(height);
        }
    }

    Level Open(int height)
    {
        if (_levels.Count == height)
        {
            _levels.Add(new Level());
        }

        var level = _levels[height];
        if (level.Number == 0)
        {
            level.Number = objects.Reserve();
        }

        return level;
    }

    void Close(int height)
    {
        var level = _levels[height];
        WriteNode(level.Number, Open(height + 1).Number, level);
        var (number, pages) = (level.Number, level.Pages);
        level.Number = 0;
        level.Pages = 0;
        level.Children.Clear();
        Add(height + 1, number, pages);
    }

    void WriteNode(int number, int parent, Level level)
    {
        objects.Begin(number);
        var buffer = objects.Buffer;
        buffer.Write("<</Type/Pages/Parent "u8);
        buffer.Write(parent);
        buffer.Write(" 0 R/Count "u8);
        buffer.Write(level.Pages);
        buffer.Write("/Kids["u8);
        foreach (var child in level.Children)
        {
            buffer.Write(child);
            buffer.Write(" 0 R "u8);
        }

        buffer.Write("]>>"u8);
        objects.End();
    }

    sealed class Level
    {
        public int Number { get; set; }

        public int Pages { get; set; }

        public List<int> Children { get; } = new(ChildrenMax);
    }
}
