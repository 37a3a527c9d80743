using BenchmarkDotNet.Attributes;
using Dispatch.Benchmarks.Work;

namespace Dispatch.Benchmarks;

/// <summary>
/// What does it cost to find, read and decide the rows of a block, beside looking at each of its bytes once? Time is
/// that of a row.
/// </summary>
[MemoryDiagnoser]
public class ParseBlock
{
    ReadRows _work = null!;

    /// <summary>In the register.</summary>
    [Params(60_000, 1_000_000)]
    public int People { get; set; }

    [GlobalSetup]
    public void SetUp() => _work = new(new TaxList(People));

    [Benchmark(Baseline = true, OperationsPerInvoke = TaxList.Rows)]
    public int LookAtEachByte() => _work.LookAtEachByte();

    [Benchmark(OperationsPerInvoke = TaxList.Rows)]
    public int FindLineBreaks() => _work.FindLineBreaks();

    [Benchmark(OperationsPerInvoke = TaxList.Rows)]
    public int FindRecords() => _work.FindRecords();

    [Benchmark(OperationsPerInvoke = TaxList.Rows)]
    public int ReadFields() => _work.ReadFields();

    [Benchmark(OperationsPerInvoke = TaxList.Rows)]
    public int Route() => _work.Route();
}
