using BenchmarkDotNet.Attributes;
using Dispatch.Benchmarks.Work;

namespace Dispatch.Benchmarks;

/// <summary>What does the table of rules cost, beside the same decision written as branches?</summary>
[MemoryDiagnoser]
public class DecideRow
{
    DecideRows _work = null!;

    [GlobalSetup]
    public void SetUp() => _work = new();

    [Benchmark(Baseline = true, OperationsPerInvoke = TaxList.Rows)]
    public int Branch() => _work.Branch();

    [Benchmark(OperationsPerInvoke = TaxList.Rows)]
    public int Decide() => _work.Decide();
}
