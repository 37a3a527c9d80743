using System.Numerics;

namespace Dispatch.Worker.Country;

/// <summary>
/// A shuffle of 0 … count − 1 that needs no memory: a Feistel network over the next even power of two, walked until the
/// value is inside. It can be run backwards, which gives a person's place in the list.
/// </summary>
sealed class ListOrder
{
    const int Rounds = 4;

    readonly int _count;
    readonly int _halfBits;
    readonly uint _halfMask;
    readonly uint[] _keys = new uint[Rounds];

    public ListOrder(int count, int seed)
    {
        _count = count;
        _halfBits = (BitOperations.Log2((uint)Math.Max(count - 1, 1)) + 2) / 2;
        _halfMask = (1u << _halfBits) - 1;
        for (var round = 0; round < Rounds; round++)
        {
            _keys[round] = (uint)new SplitMix(seed, RandomStream.ListOrder, round).Next();
        }
    }

    public int PersonAt(int place)
    {
        var value = (uint)place;
        do
        {
            value = Forward(value);
        }
        while (value >= (uint)_count);
        return (int)value;
    }

    public int PlaceOf(int person)
    {
        var value = (uint)person;
        do
        {
            value = Backward(value);
        }
        while (value >= (uint)_count);
        return (int)value;
    }

    uint Forward(uint value)
    {
        var (left, right) = (value >> _halfBits, value & _halfMask);
        for (var round = 0; round < Rounds; round++)
        {
            (left, right) = (right, left ^ Scramble(right, round));
        }

        return (left << _halfBits) | right;
    }

    uint Backward(uint value)
    {
        var (left, right) = (value >> _halfBits, value & _halfMask);
        for (var round = Rounds - 1; round >= 0; round--)
        {
            (left, right) = (right ^ Scramble(left, round), left);
        }

        return (left << _halfBits) | right;
    }

    uint Scramble(uint half, int round)
    {
        var mixed = (half + _keys[round]) * 0x9E3779B1u;
        mixed = (mixed ^ (mixed >> 15)) * 0x85EBCA6Bu;
        return ((mixed ^ (mixed >> 13)) >> 3) & _halfMask;
    }
}
