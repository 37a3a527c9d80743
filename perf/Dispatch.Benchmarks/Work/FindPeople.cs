using System.Collections.Frozen;

namespace Dispatch.Benchmarks.Work;

/// <summary>People found by number, in no order.</summary>
sealed class FindPeople
{
    readonly TaxList _list;
    readonly uint[] _asked;
    readonly Dictionary<uint, int> _dictionary;
    readonly Lazy<FrozenDictionary<uint, int>> _frozen;

    public FindPeople(TaxList list)
    {
        _list = list;
        _asked = [.. Enumerable.Range(0, TaxList.Rows).Select(
            row => list.Numbers[TaxList.Spread(row, list.Numbers.Length)])];
        _dictionary = new(list.Numbers.Length);
        for (var i = 0; i < list.Numbers.Length; i++)
        {
            _dictionary.Add(list.Numbers[i], i);
        }

        _frozen = new(() => _dictionary.ToFrozenDictionary());
    }

    public int InDictionary()
    {
        var sum = 0;
        foreach (var number in _asked)
        {
            sum += _dictionary.GetValueOrDefault(number, -1);
        }

        return sum;
    }

    public int InFrozenDictionary()
    {
        var (frozen, sum) = (_frozen.Value, 0);
        foreach (var number in _asked)
        {
            sum += frozen.GetValueOrDefault(number, -1);
        }

        return sum;
    }

    public int InRegister()
    {
        var sum = 0;
        foreach (var number in _asked)
        {
            sum += _list.Register.FindPerson(number);
        }

        return sum;
    }
}
