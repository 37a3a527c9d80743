using BenchmarkDotNet.Attributes;
using Dispatch.Benchmarks.Work;

namespace Dispatch.Benchmarks;

/// <summary>
/// What does it cost to measure and to compose a letter of two pages, beside looking at as many bytes as it takes in
/// the file?
/// </summary>
[MemoryDiagnoser]
public class ComposeLetter : IDisposable
{
    ComposePages _work = null!;

    [GlobalSetup]
    public void SetUp() => _work = new(new TaxList(1_000));

    [Benchmark(Baseline = true, OperationsPerInvoke = ComposePages.Letters)]
    public uint HashAsManyBytes() => _work.HashAsManyBytes();

    [Benchmark(OperationsPerInvoke = ComposePages.Letters)]
    public int Measure() => _work.Measure();

    [Benchmark(OperationsPerInvoke = ComposePages.Letters)]
    public int Compose() => _work.Compose();

    [GlobalCleanup]
    public void Dispose()
    {
        _work.Dispose();
        GC.SuppressFinalize(this);
    }
}
