using System.Text;
using BenchmarkDotNet.Attributes;
using Dispatch.Routing.Pipeline;
using Dispatch.Routing.Register;
using Dispatch.Routing.Rules;

namespace Dispatch.Benchmarks;

/// <summary>What does it cost to take one row of a tax statement through all the rules, the register
/// included?</summary>
[MemoryDiagnoser]
public class RouteRow
{
    const int RowsPerCall = 10_000;
    const int AmountCount = 12;

    readonly byte[] _values = new byte[512];
    ArrayRow[] _rows = [];
    RowRouter _router = null!;

    /// <summary>People in the register.</summary>
    [Params(1_000_000)]
    public int People { get; set; }

    [GlobalSetup]
    public void MakeRegister()
    {
        var builder = new RegisterSnapshotBuilder(withNames: false, People);
        var numbers = Numbers(People).ToArray();
        for (var i = 0; i < numbers.Length; i++)
        {
            builder.AddPerson(
                numbers[i], i + 1,
                PersonFacts.Person(CivilStatus.Active, false, i % 20 == 0, false, false, true, false),
                BirthDay.From(new DateOnly(1980, 1, 2)), 0, default);
        }

        _router = new RowRouter(
            Columns(), new(true, false, ChannelWish.Auto, false), builder.Build(1, []), new(2026, 11, 22));
        _rows = [.. Enumerable.Range(0, RowsPerCall).Select(i => Row(numbers[(int)(i * 7_919L % numbers.Length)]))];
    }

    [Benchmark(OperationsPerInvoke = RowsPerCall)]
    public int Route()
    {
        var length = 0;
        foreach (var row in _rows)
        {
            length += _router.Route(row, _values, false).ValuesLength;
        }

        return length;
    }

    /// <summary>The least that could be done with the row: copying its fields.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = RowsPerCall)]
    public int Copy()
    {
        var length = 0;
        foreach (var row in _rows)
        {
            var at = 0;
            for (var i = 0; i < row.FieldCount; i++)
            {
                at += LetterValues.Write(_values.AsSpan(at), row.Field(i));
            }

            length += at;
        }

        return length;
    }

    // Days in the order of the register's key, serials that no rule looks at.
    static IEnumerable<uint> Numbers(int count)
    {
        const int Days = 28 * 12 * 100;
        var each = count / Days + 1;
        return from day in Enumerable.Range(1, 28)
               from month in Enumerable.Range(1, 12)
               from year in Enumerable.Range(0, 100)
               from serial in Enumerable.Range(1, each)
               select (uint)(((day * 100L + month) * 100 + year) * 10_000 + serial) into number
               orderby number
               select number;
    }

    static ListColumns Columns() => new(
        AmountCount + 2, 0, 1,
        [.. Enumerable.Range(2, AmountCount).Select(i => new LetterColumn(i, $"amount{i}", [FieldFormat.Money], true))],
        false);

    static ArrayRow Row(uint number) => new(
        [$"{number:D10}", "2025-000001", .. Enumerable.Range(0, AmountCount).Select(i => $"{i + 1}.234,56")]);

    sealed class ArrayRow(string[] fields) : IRow
    {
        readonly byte[][] _fields = [.. fields.Select(Encoding.UTF8.GetBytes)];

        public int FieldCount => _fields.Length;

        public ReadOnlySpan<byte> Field(int index) => _fields[index];
    }
}
