using System.Globalization;

namespace Dispatch.System.Tests.Secrecy;

/// <summary>What a living process has in memory it may write to. Only root may look.</summary>
static class ProcessMemory
{
    const int BlockBytes = 1 << 20;

    /// <summary>How often a canary is there.</summary>
    public static int Count(int processId, Canary canary)
    {
        var found = 0;
        using var memory = new FileStream($"/proc/{processId}/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        var block = new byte[BlockBytes];
        foreach (var (first, end) in Writable(processId))
        {
            for (var at = first; at < end; at += BlockBytes)
            {
                var read = Read(memory, at, block.AsSpan(0, (int)Math.Min(BlockBytes, end - at)));
                found += canary.CountIn(block.AsSpan(0, read));
            }
        }

        return found;
    }

    // 7f12a0000000-7f12a0021000 rw-p 00000000 00:00 0
    static IEnumerable<(long First, long End)> Writable(int processId) =>
        from line in File.ReadAllLines($"/proc/{processId}/maps")
        let parts = line.Split(' ', 3)
        where parts[1].StartsWith("rw", StringComparison.Ordinal)
        let borders = parts[0].Split('-')
        select (Hexadecimal(borders[0]), Hexadecimal(borders[1]));

    // Pages that nobody has touched, or that are no memory, cannot be read.
    static int Read(FileStream memory, long at, Span<byte> block)
    {
        try
        {
            memory.Position = at;
            return memory.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    static long Hexadecimal(string text) => long.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
