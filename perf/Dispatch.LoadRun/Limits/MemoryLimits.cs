using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Dispatch.LoadRun.Limits;

/// <summary>The list's bytes read once, hashed once, and the register's memory read where nobody could foresee it.
/// </summary>
static class MemoryLimits
{
    const double MegaByte = 1e6;
    const int TextBytesMax = 1 << 30;

    // What routing touches of a person: serial number, facts, birth day, id.
    const int PersonBytes = 12;
    const int People = 6_000_000;

    public static IEnumerable<MachineLimit> Measure(int letters)
    {
        var listBytes = (double)letters * MachineLimits.ListRowBytes;
        var text = new byte[(int)Math.Min(listBytes, TextBytesMax)];
        Random.Shared.NextBytes(text);
        var read = MachineLimits.Best(text.Length / MegaByte, () => Timed(() => Sum(text)));
        yield return new(
            "every pass over the list", "its bytes read from memory, one core", read, "MB", listBytes / MegaByte);
        var hashed = MachineLimits.Best(text.Length / MegaByte, () => Timed(() => SHA256.HashData(text)[0]));
        yield return new(
            "the list proved", "its bytes hashed by SHA-256, one core", hashed, "MB", listBytes / MegaByte);

        // Written to, or the kernel would show one page of zeros everywhere.
        var people = new int[People * (PersonBytes / sizeof(int))];
        Array.Fill(people, 1);
        var found = MachineLimits.Best(letters, () => Timed(() => ReadAtRandom(people, letters)));
        yield return new(
            "people looked up", "for each row one place of as much memory as six million people take, one core", found,
            "rows", letters);
    }

    static TimeSpan Timed(Func<int> work)
    {
        var watch = Stopwatch.StartNew();
        GC.KeepAlive(work());
        return watch.Elapsed;
    }

    static int Sum(byte[] text)
    {
        var sums = Vector<int>.Zero;
        foreach (var part in MemoryMarshal.Cast<byte, Vector<int>>(text))
        {
            sums += part;
        }

        return Vector.Sum(sums);
    }

    // The places do not hang on what was read before: a processor may have many on the way at once.
    static int ReadAtRandom(int[] places, int count)
    {
        var (sum, seed) = (0, 1UL);
        for (var i = 0; i < count; i++)
        {
            seed = seed * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407;
            sum += places[(int)((seed >> 33) % (ulong)places.Length)];
        }

        return sum;
    }
}
