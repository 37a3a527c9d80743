using BenchmarkDotNet.Attributes;
using Dispatch.Benchmarks.Work;

namespace Dispatch.Benchmarks;

/// <summary>
/// What does it cost to seal a letter of 150 bytes, beside libsodium's function alone and AesGcm of .NET?
/// </summary>
[MemoryDiagnoser]
public class SealLetter : IDisposable
{
    SealLetters _work = null!;

    [GlobalSetup]
    public void SetUp() => _work = new();

    [Benchmark(Baseline = true, OperationsPerInvoke = TaxList.Rows)]
    public int CallSodium() => _work.CallSodium();

    [Benchmark(OperationsPerInvoke = TaxList.Rows)]
    public int CallAesGcm() => _work.CallAesGcm();

    [Benchmark(OperationsPerInvoke = TaxList.Rows)]
    public int Seal() => _work.Seal();

    [GlobalCleanup]
    public void Dispose()
    {
        _work.Dispose();
        GC.SuppressFinalize(this);
    }
}
