using BenchmarkDotNet.Attributes;
using Dispatch.Benchmarks.Work;

namespace Dispatch.Benchmarks;

/// <summary>
/// What does it cost to break a text into lines, beside adding up the widths of its characters? Time is that of a
/// character.
/// </summary>
[MemoryDiagnoser]
public class BreakText
{
    BreakLines _work = null!;

    [GlobalSetup]
    public void SetUp() => _work = new(new TaxList(1_000));

    [Benchmark(Baseline = true, OperationsPerInvoke = BreakLines.Characters)]
    public int AddWidths() => _work.AddWidths();

    [Benchmark(OperationsPerInvoke = BreakLines.Characters)]
    public int Break() => _work.Break();
}
