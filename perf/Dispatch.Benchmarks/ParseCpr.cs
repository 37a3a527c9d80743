using BenchmarkDotNet.Attributes;
using Dispatch.Benchmarks.Work;

namespace Dispatch.Benchmarks;

/// <summary>What does it cost to read a CPR number and prove its date, beside reading ten digits?</summary>
[MemoryDiagnoser]
public class ParseCpr
{
    ReadNumbers _work = null!;

    [GlobalSetup]
    public void SetUp() => _work = new(new TaxList(60_000));

    [Benchmark(Baseline = true, OperationsPerInvoke = TaxList.Rows)]
    public uint ReadDigits() => _work.ReadDigits();

    [Benchmark(OperationsPerInvoke = TaxList.Rows)]
    public uint Parse() => _work.Parse();
}
