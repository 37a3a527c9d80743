using BenchmarkDotNet.Attributes;
using Dispatch.Benchmarks.Work;

namespace Dispatch.Benchmarks;

/// <summary>What does it cost to find a person by number, beside the two dictionaries of .NET?</summary>
[MemoryDiagnoser]
public class LookUpPerson
{
    FindPeople _work = null!;

    /// <summary>In the register.</summary>
    [Params(60_000, 1_000_000)]
    public int People { get; set; }

    [GlobalSetup]
    public void SetUp() => _work = new(new TaxList(People));

    [Benchmark(Baseline = true, OperationsPerInvoke = TaxList.Rows)]
    public int InDictionary() => _work.InDictionary();

    [Benchmark(OperationsPerInvoke = TaxList.Rows)]
    public int InFrozenDictionary() => _work.InFrozenDictionary();

    [Benchmark(OperationsPerInvoke = TaxList.Rows)]
    public int InRegister() => _work.InRegister();
}
