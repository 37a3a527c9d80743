using BenchmarkDotNet.Attributes;
using Dispatch.Benchmarks.Work;

namespace Dispatch.Benchmarks;

/// <summary>
/// What does it cost to make the DataMatrix symbol of a sheet, beside putting the modules of a finished one into rows?
/// </summary>
[MemoryDiagnoser]
public class DrawDataMatrix
{
    DrawSymbols _work = null!;

    [GlobalSetup]
    public void SetUp() => _work = new();

    [Benchmark(Baseline = true, OperationsPerInvoke = DrawSymbols.Symbols)]
    public uint PutModules() => _work.PutModules();

    [Benchmark(OperationsPerInvoke = DrawSymbols.Symbols)]
    public uint Encode() => _work.Encode();
}
