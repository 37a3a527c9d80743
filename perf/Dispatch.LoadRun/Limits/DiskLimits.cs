using System.Diagnostics;

namespace Dispatch.LoadRun.Limits;

/// <summary>What the disk under the data folder takes: much at once, and little but at once durable.</summary>
static class DiskLimits
{
    const double MegaByte = 1e6;
    const int BlockBytes = 1 << 20;
    const int BlocksMax = 2_048;
    const int PageBytes = 8_192;
    const int Commits = 200;

    public static IEnumerable<MachineLimit> Measure(string path, int letters)
    {
        // The letters' bytes once into the table and once into the log, without what the server adds.
        var bytes = 2.0 * letters * MachineLimits.SealedBytes;
        var blocks = (int)Math.Clamp(bytes / BlockBytes, 16, BlocksMax);
        yield return new(
            "letters written", "sealed values twice, table and log, written in one go and synced",
            MachineLimits.Best(blocks * BlockBytes / MegaByte, () => Write(path, BlockBytes, blocks, blocks)), "MB",
            bytes / MegaByte);
        yield return new(
            "chunks committed", "a page written and synced, one after the other",
            MachineLimits.Best(Commits, () => Write(path, PageBytes, Commits, 1)), "commits",
            Math.Ceiling((double)letters / MachineLimits.ChunkRows));
    }

    static TimeSpan Write(string path, int bytes, int count, int countASync)
    {
        var block = new byte[bytes];
        Random.Shared.NextBytes(block);
        using var file = File.OpenHandle(
            path, FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.DeleteOnClose);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < count; i++)
        {
            RandomAccess.Write(file, block, (long)i * bytes);
            if ((i + 1) % countASync == 0)
            {
                RandomAccess.FlushToDisk(file);
            }
        }

        return watch.Elapsed;
    }
}
