using System.Runtime.InteropServices;

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

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    internal static NamePool Read(ByteSource read)
    {
        Span<int> counts = stackalloc int[5];
        read(MemoryMarshal.AsBytes(counts));
        var (pageCount, pageBits, offsetCount, nameCount, longCount) =
            (counts[0], counts[1], counts[2], counts[3], counts[4]);
        var offsets = GC.AllocateUninitializedArray<long>(offsetCount);
        read(MemoryMarshal.AsBytes(offsets.AsSpan()));
        var lengths = GC.AllocateUninitializedArray<byte>(nameCount);
        read(lengths);
        var longNames = new Dictionary<int, byte[]>(longCount);
        Span<int> longName = stackalloc int[2];
        for (var i = 0; i < longCount; i++)
        {
            read(MemoryMarshal.AsBytes(longName));
            var name = new byte[longName[1]];
            read(name);
            longNames.Add(longName[0], name);
        }

        var pages = new byte[pageCount][];
        for (var i = 0; i < pageCount; i++)
        {
            pages[i] = GC.AllocateUninitializedArray<byte>(1 << pageBits);
            read(pages[i]);
        }

        return new(pages, pageBits, offsets, lengths, longNames);
    }

    internal void Write(ByteSink write)
    {
        write(MemoryMarshal.AsBytes([_pages.Length, _pageBits, _offsets.Length, _lengths.Length, _long.Count]));
        write(MemoryMarshal.AsBytes(_offsets.AsSpan()));
        write(_lengths);
        foreach (var (index, name) in _long)
        {
            write(MemoryMarshal.AsBytes([index, name.Length]));
            write(name);
        }

        foreach (var page in _pages)
        {
            write(page);
        }
    }

    /// <summary>Asks memory for what tells where the name is.</summary>
    internal void FetchPlace(int index)
    {
        if (_lengths.Length > 0)
        {
            MemoryFetch.Begin(in _lengths[index]);
            MemoryFetch.Begin(in _offsets[index / Stride]);
        }
    }

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
