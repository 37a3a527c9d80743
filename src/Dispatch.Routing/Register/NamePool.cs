namespace Dispatch.Routing.Register;

/// <summary>
/// Names packed behind each other. An offset is kept for every 16th name and one length byte for each, so that a name
/// costs 1.25 bytes beside its own; names over 255 bytes are kept apart.
/// </summary>
sealed class NamePool
{
    internal const int Stride = 16;
    internal const byte LongMark = byte.MaxValue;
    static readonly byte[] Nothing = [];

    readonly byte[][] _pages;
    readonly long[] _offsets;
    readonly byte[] _lengths;
    readonly Dictionary<int, byte[]> _long;
    readonly int _pageBits;

    internal NamePool(byte[][] pages, int pageBits, long[] offsets, byte[] lengths, Dictionary<int, byte[]> longNames)
    {
        _pages = pages;
        _pageBits = pageBits;
        _offsets = offsets;
        _lengths = lengths;
        _long = longNames;
    }

    internal static NamePool Empty { get; } = new([], 0, [], [], []);

    internal ReadOnlySpan<byte> this[int index]
    {
        get
        {
            if (_lengths.Length == 0)
            {
                return Nothing;
            }

            var length = _lengths[index];
            if (length == LongMark)
            {
                return _long[index];
            }

            // At the end of a full page the offset of an empty name would point to the page after it.
            if (length == 0)
            {
                return Nothing;
            }

            var first = index / Stride * Stride;
            var offset = _offsets[index / Stride];
            for (var i = first; i < index; i++)
            {
                offset += _lengths[i] == LongMark ? 0 : _lengths[i];
            }

            // A block of 16 names never crosses a page: the builder starts a new page instead.
            var page = (int)(offset >> _pageBits);
            return _pages[page].AsSpan((int)(offset & ((1L << _pageBits) - 1)), length);
        }
    }
}
