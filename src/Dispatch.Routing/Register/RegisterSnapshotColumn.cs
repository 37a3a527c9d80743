namespace Dispatch.Routing.Register;

/// <summary>One column of a snapshot while it is built. With the right capacity its array becomes the column itself, so
/// that a nation is not copied.</summary>
sealed class RegisterSnapshotColumn<T>(int capacity)
{
    T[] _items = capacity == 0 ? [] : GC.AllocateUninitializedArray<T>(capacity);

    public int Count { get; private set; }

    public void Add(T item)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Math.Max(16, _items.Length * 2));
        }

        _items[Count++] = item;
    }

    /// <summary>The items; nothing may be added afterwards.</summary>
    public T[] Finish()
    {
        Array.Resize(ref _items, Count);
        return _items;
    }
}
