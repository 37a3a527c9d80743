using System.Runtime.InteropServices;

namespace Dispatch.Worker.Diagnostics;

/// <summary>What the file system says of an entry itself, not of what a link leads to.</summary>
/// <param name="Number">Its own on its disk, whatever it is called: <c>ls -i</c> shows it.</param>
/// <param name="ModifiedNs">When its content changed, nanoseconds since 1970; of a folder, what is in it.</param>
/// <param name="ChangedNs">When anything of it changed: its content, name, mode or owner.</param>
readonly unsafe partial record struct EntryFacts(ulong Number, long Bytes, long ModifiedNs, long ChangedNs)
{
    const int CurrentFolder = -100;
    const int NotThroughLink = 0x100;
    const uint NumberSizeTimes = 0x40 | 0x80 | 0x100 | 0x200;
    const long NsASecond = 1_000_000_000;

    /// <returns>Null when nothing of that name can be looked at: it is gone, or its name is no UTF-8.</returns>
    public static EntryFacts? Find(string path)
    {
        // struct statx is laid out alike on every processor: number at 32, size at 40, ctime at 96, mtime at 112.
        Span<byte> status = stackalloc byte[256];
        fixed (byte* at = status)
        {
            return Statx(CurrentFolder, path, NotThroughLink, NumberSizeTimes, at) == 0
                ? new(
                    MemoryMarshal.Read<ulong>(status[32..]), MemoryMarshal.Read<long>(status[40..]),
                    TimeAt(status[112..]), TimeAt(status[96..]))
                : null;
        }
    }

    static long TimeAt(ReadOnlySpan<byte> status) =>
        MemoryMarshal.Read<long>(status) * NsASecond + MemoryMarshal.Read<uint>(status[8..]);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, byte* status);
}
