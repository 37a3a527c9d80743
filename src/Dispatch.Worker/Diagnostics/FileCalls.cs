using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dispatch.Worker.Diagnostics;

/// <summary>The file calls of the C library that .NET has no equal for: opening without following links, and what kind
/// of file an open one is.</summary>
static unsafe partial class FileCalls
{
    const int CloseOnExec = 0x80000;
    const uint MemoryCloseOnExec = 1;
    const int NonBlocking = 0x800;
    const int CurrentFolder = -100;
    const int EmptyPath = 0x1000;
    const uint TypeModeSizeTimes = 0x1 | 0x2 | 0x40 | 0x80 | 0x200;
    const uint StartWriting = 2;
    const ushort FormatMask = 0xF000;
    const ushort RegularFormat = 0x8000;

    // These two are among the few numbers that differ between processors.
    static readonly bool IsArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64;
    static readonly int OnlyFolder = IsArm ? 0x4000 : 0x10000;
    static readonly int NoFollow = IsArm ? 0x8000 : 0x20000;

    /// <summary>What matters of an open file.</summary>
    public readonly record struct FileFacts(bool IsRegular, long Bytes, long ModifiedSeconds, uint ModifiedNanoseconds);

    /// <summary>Opens a folder.</summary>
    /// <param name="followsLink">The last part of the path may be a link.</param>
    public static SafeFileHandle? OpenFolder(string path, bool followsLink = true) =>
        Open(CurrentFolder, path, CloseOnExec | OnlyFolder | (followsLink ? 0 : NoFollow));

    /// <summary>Opens a folder inside a folder, never through a link.</summary>
    public static SafeFileHandle? OpenFolder(SafeFileHandle folder, string name) =>
        Open((int)folder.DangerousGetHandle(), name, CloseOnExec | OnlyFolder | NoFollow);

    /// <summary>Opens a file for reading, never through a link, and without waiting where a pipe lies.</summary>
    /// <returns>Null with the error in <see cref="Marshal.GetLastPInvokeError"/>.</returns>
    public static SafeFileHandle? OpenFile(SafeFileHandle folder, string name) =>
        Open((int)folder.DangerousGetHandle(), name, CloseOnExec | NonBlocking | NoFollow);

    /// <summary>The same by its path; only its last part must be no link.</summary>
    public static SafeFileHandle? OpenFile(string path) => Open(CurrentFolder, path,
        CloseOnExec | NonBlocking | NoFollow);

    /// <summary>Opens a file for reading, without waiting where a pipe lies; links are followed.</summary>
    public static SafeFileHandle? OpenLinked(string path) => Open(CurrentFolder, path, CloseOnExec | NonBlocking);

    /// <summary>An empty file that is on no disk, and gone when it is closed.</summary>
    public static SafeFileHandle CreateInMemory() => MemfdCreate("job", MemoryCloseOnExec) is >= 0 and var file
        ? new(file, ownsHandle: true)
        : throw new IOException($"memfd_create failed with error {Marshal.GetLastPInvokeError()}");

    /// <summary>A path that leads through an opened folder, whatever lies at its own by now.</summary>
    public static string PathOf(SafeFileHandle folder) =>
        string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{folder.DangerousGetHandle()}");

    public static FileFacts Look(SafeFileHandle file)
    {
        // struct statx is laid out alike on every processor: mode at 28, size at 40, mtime at 112.
        Span<byte> status = stackalloc byte[256];
        int result;
        fixed (byte* at = status)
        {
            result = Statx((int)file.DangerousGetHandle(), "", EmptyPath, TypeModeSizeTimes, at);
        }

        if (result != 0)
        {
            throw new IOException($"statx failed with error {Marshal.GetLastPInvokeError()}");
        }

        return new(
            (MemoryMarshal.Read<ushort>(status[28..]) & FormatMask) == RegularFormat,
            MemoryMarshal.Read<long>(status[40..]),
            MemoryMarshal.Read<long>(status[112..]),
            MemoryMarshal.Read<uint>(status[120..]));
    }

    /// <summary>Makes a folder's entries durable: a file renamed into it stays there through a power cut.</summary>
    public static void FlushFolder(string path)
    {
        using var folder = OpenFolder(path);
        if (folder is null || Fsync((int)folder.DangerousGetHandle()) != 0)
        {
            throw new IOException($"the folder '{path}' could not be flushed, error {Marshal.GetLastPInvokeError()}");
        }
    }

    /// <summary>Asks the system to begin writing a stretch of a file to disk, so that the flush at the end is short.
    /// Only a hint: whether it is followed does not matter.</summary>
    public static void BeginWriting(SafeFileHandle file, long offset, long bytes) =>
        _ = SyncFileRange((int)file.DangerousGetHandle(), offset, bytes, StartWriting);

    static SafeFileHandle? Open(int folder, string name, int flags)
    {
        var descriptor = OpenAt(folder, name, flags, 0);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenAt(int folder, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemfdCreate(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    private static partial int SyncFileRange(int descriptor, long offset, long bytes, uint flags);
}
