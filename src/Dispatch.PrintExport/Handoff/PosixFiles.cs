using System.Runtime.InteropServices;

namespace Dispatch.PrintExport.Handoff;

/// <summary>What .NET has no call for: a rename that never overwrites, syncing a folder, a file's group.</summary>
static partial class PosixFiles
{
    const int AtCurrentFolder = -100;
    const uint NoReplace = 1;
    const int OpenFolder = 0x80000; // O_RDONLY | O_CLOEXEC; the same on every Linux architecture .NET runs on
    const uint StatBasic = 0x7FF;
    const int StatBytes = 256;
    const int StatGroupOffset = 24; // stx_gid: the layout of struct statx is the same on every architecture

    /// <summary>Gives false when the two paths lie on different file systems; nothing has happened then.</summary>
    /// <exception cref="IOException">HResult is the errno, for instance EEXIST when the target is there.</exception>
    public static bool TryRenameNoReplace(string from, string to)
    {
        if (RenameAt(AtCurrentFolder, from, AtCurrentFolder, to, NoReplace) == 0)
        {
            return true;
        }

        var errno = Marshal.GetLastPInvokeError();
        switch (errno)
        {
            case Errno.DifferentFileSystem:
                return false;

            // Some network file systems know no such flag. A link and an unlink would leave the file in both places if
            // cut in between, so it is a look and a plain rename there: only this engine writes to the folder.
            case Errno.InvalidArgument or Errno.NotImplemented when !File.Exists(to):
                File.Move(from, to, overwrite: false);
                return true;
            default:
                throw Errno.Exception(errno, to);
        }
    }

    /// <summary>Makes names that came and went in the folder survive a power cut.</summary>
    public static void SyncFolder(string path)
    {
        var folder = Open(path, OpenFolder);
        if (folder < 0)
        {
            throw Errno.Exception(Marshal.GetLastPInvokeError(), path);
        }

        var failed = FSync(folder) < 0;
        var errno = Marshal.GetLastPInvokeError();
        _ = Close(folder);
        if (failed && errno != Errno.InvalidArgument)
        {
            throw Errno.Exception(errno, path);
        }
    }

    public static uint GroupOf(string path)
    {
        Span<byte> stat = stackalloc byte[StatBytes];
        if (StatX(AtCurrentFolder, path, 0, StatBasic, stat) < 0)
        {
            throw Errno.Exception(Marshal.GetLastPInvokeError(), path);
        }

        return MemoryMarshal.Read<uint>(stat[StatGroupOffset..]);
    }

    public static void SetGroup(string path, uint group)
    {
        if (ChangeOwner(path, uint.MaxValue, group) < 0)
        {
            throw Errno.Exception(Marshal.GetLastPInvokeError(), path);
        }
    }

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt(int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int file);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, Span<byte> stat);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint owner, uint group);
}
