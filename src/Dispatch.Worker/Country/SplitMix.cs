namespace Dispatch.Worker.Country;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014). Our own and not <see cref="System.Random"/>, whose algorithm may change with
/// the framework: the same seed must give the same country for ever. Each person has streams of their own, so that any
/// file can be made alone and in any order.
/// </summary>
struct SplitMix
{
    const ulong Golden = 0x9E3779B97F4A7C15;

    ulong _state;

    public SplitMix(int seed, RandomStream stream, int index)
    {
        _state = Mix(Mix((uint)seed + ((ulong)stream << 32)) + (uint)index);
    }

    public ulong Next() => Mix(_state += Golden);

    /// <summary>0 up to but without <paramref name="limit"/>; the bias of at most 2⁻³² a value does not matter
    /// here.</summary>
    public int Below(int limit) => (int)(((Next() >> 32) * (ulong)limit) >> 32);

    /// <summary>From <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public int Between(int first, int last) => first + Below(last - first + 1);

    public bool Hits(int perMillion) => Below(1_000_000) < perMillion;

    static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
