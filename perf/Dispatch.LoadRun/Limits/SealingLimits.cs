using System.Diagnostics;
using Dispatch.Worker.Security;

namespace Dispatch.LoadRun.Limits;

/// <summary>The list sealed and opened in chunks, and every letter sealed by itself.</summary>
static class SealingLimits
{
    const double MegaByte = 1e6;

    public static IEnumerable<MachineLimit> Measure(int letters)
    {
        using var key = KeyEncryptionKey.Parse(KeyEncryptionKey.NewText())!.CreateJobKey();
        var listBytes = (double)letters * MachineLimits.ListRowBytes / MegaByte;
        yield return new(
            "the list in the spool", "chunks sealed with AES-256-GCM, one core",
            MachineLimits.Best(listBytes, () => SealList(key, letters)), "MB", listBytes);
        using var seal = key.ForChunk(JobKey.NewSalt());
        yield return new(
            "letters sealed", $"{MachineLimits.SealedBytes} bytes each with AES-256-GCM, one core",
            MachineLimits.Best(letters, () => SealLetters(seal, letters)), "letters", letters);
    }

    static TimeSpan SealList(JobKey key, int letters)
    {
        var text = new byte[MachineLimits.ChunkRows * MachineLimits.ListRowBytes];
        var sealedText = new byte[text.Length + LetterSeal.TagBytes];
        var watch = Stopwatch.StartNew();
        for (var first = 0; first < letters; first += MachineLimits.ChunkRows)
        {
            var bytes = Math.Min(MachineLimits.ChunkRows, letters - first) * MachineLimits.ListRowBytes;
            key.SealListChunk(first / MachineLimits.ChunkRows, text.AsSpan(0, bytes), sealedText);
        }

        return watch.Elapsed;
    }

    static TimeSpan SealLetters(LetterSeal seal, int letters)
    {
        var sealedValues = new byte[MachineLimits.SealedBytes];
        var values = new byte[MachineLimits.SealedBytes - LetterSeal.TagBytes];
        var watch = Stopwatch.StartNew();
        for (var row = 0; row < letters; row++)
        {
            seal.Seal(1, row, row, 1, SealPurpose.Letter, values, sealedValues);
        }

        return watch.Elapsed;
    }
}
