namespace Dispatch.Worker.Intake;

/// <summary>Counts line breaks over consecutive stretches of bytes; CR, LF and CR LF count once each.</summary>
struct LineCount
{
    bool _endsWithReturn;

    /// <summary>Line breaks so far.</summary>
    public long Breaks { get; private set; }

    public void Add(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        var feeds = text.Count((byte)'\n');
        var returns = text.Count((byte)'\r');
        Breaks += feeds + returns - (returns == 0 ? 0 : Pairs(text));
        if (_endsWithReturn && text[0] == '\n')
        {
            Breaks--;
        }

        _endsWithReturn = text[^1] == '\r';
    }

    /// <summary>The 1-based line on which a stretch that is not counted yet reaches <paramref name="text"/>'s
    /// end.</summary>
    public readonly long LineAfter(ReadOnlySpan<byte> text)
    {
        var copy = this;
        copy.Add(text);
        return copy.Breaks + 1;
    }

    static int Pairs(ReadOnlySpan<byte> text)
    {
        var pairs = 0;
        for (var at = text.IndexOf((byte)'\r'); at >= 0 && at + 1 < text.Length;)
        {
            pairs += text[at + 1] == '\n' ? 1 : 0;
            var next = text[(at + 1)..].IndexOf((byte)'\r');
            at = next < 0 ? -1 : at + 1 + next;
        }

        return pairs;
    }
}
