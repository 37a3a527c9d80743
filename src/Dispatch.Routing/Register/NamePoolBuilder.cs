namespace Dispatch.Routing.Register;

/// <summary>Packs names for a <see cref="NamePool"/>, in the order of their indices.</summary>
sealed class NamePoolBuilder(int capacity)
{
    const int PageBits = 20;

    readonly List<byte[]> _pages = [];
    readonly RegisterSnapshotColumn<long> _offsets = new((capacity + NamePool.Stride - 1) / NamePool.Stride);
    readonly RegisterSnapshotColumn<byte> _lengths = new(capacity);
    readonly Dictionary<int, byte[]> _long = [];
    readonly byte[] _block = new byte[NamePool.Stride * byte.MaxValue];
    int _blockLength;
    int _pageUsed = 1 << PageBits;

    public void Add(ReadOnlySpan<byte> name)
    {
        var index = _lengths.Count;
        if (index > 0 && index % NamePool.Stride == 0)
        {
            FlushBlock();
        }

        if (name.Length >= NamePool.LongMark)
        {
            _lengths.Add(NamePool.LongMark);
            _long.Add(index, name.ToArray());
            return;
        }

        _lengths.Add((byte)name.Length);
        name.CopyTo(_block.AsSpan(_blockLength));
        _blockLength += name.Length;
    }

    public NamePool Finish()
    {
        if (_lengths.Count > 0)
        {
            FlushBlock();
        }

        return new NamePool([.. _pages], PageBits, _offsets.Finish(), _lengths.Finish(), _long);
    }

    void FlushBlock()
    {
        if (_pages.Count == 0 || _pageUsed + _blockLength > 1 << PageBits)
        {
            _pages.Add(GC.AllocateUninitializedArray<byte>(1 << PageBits));
            _pageUsed = 0;
        }

        _block.AsSpan(0, _blockLength).CopyTo(_pages[^1].AsSpan(_pageUsed));
        _offsets.Add(((long)(_pages.Count - 1) << PageBits) + _pageUsed);
        _pageUsed += _blockLength;
        _blockLength = 0;
    }
}
