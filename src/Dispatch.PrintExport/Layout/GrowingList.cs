namespace Dispatch.PrintExport.Layout;

/// <summary>A list that is filled and emptied for every letter and gives out spans: no allocation once it has
/// grown.</summary>
sealed class GrowingList<T>
{
    T[] _items = new T[256];

    public int Count { get; private set; }

    public ref T this[int index] => ref _items[index];

    public ReadOnlySpan<T> Items => _items.AsSpan(0, Count);

    public int Capacity => _items.Length;

    public void Add(T item)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, _items.Length * 2);
        }

        _items[Count++] = item;
    }

    public void AddRange(ReadOnlySpan<T> items)
    {
        items.CopyTo(Room(items.Length));
        Count += items.Length;
    }

    /// <summary>Room for this many more; <see cref="Advance"/> keeps them.</summary>
    public Span<T> Room(int count)
    {
        if (_items.Length - Count < count)
        {
            Array.Resize(ref _items, Math.Max(_items.Length * 2, Count + count));
        }

        return _items.AsSpan(Count);
    }

    public void Advance(int count) => Count += count;

    public void Clear() => Count = 0;

    /// <summary>Gives memory back that one very long letter made it take.</summary>
    public void Shrink(int capacityMax)
    {
        Count = 0;
        if (_items.Length > capacityMax)
        {
            _items = new T[256];
        }
    }
}
