using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Dispatch.Worker.Diagnostics;

/// <summary>Makes and moves what lies in an opened folder by its plain name, never through a link: the folder may be
/// somebody else's too.</summary>
static unsafe partial class FolderCalls
{
    const int CreateNewForWriting = 0x1 | 0x40 | 0x80 | 0x80000;
    const int NotThroughLink = 0x100;
    const int AlreadyThere = 17;
    const int NotThere = 2;
    const uint TypeOnly = 0x1;
    const uint UserOnly = 0x8;

    /// <summary>Opens a folder inside a folder after making it where it is missing.</summary>
    /// <param name="mode">Of a new one.</param>
    /// <exception cref="IOException">A link or a file of that name lies there, or the disk fails.</exception>
    public static SafeFileHandle OpenOrMake(SafeFileHandle folder, string name, UnixFileMode mode)
    {
        var isNew = MakeDirectoryAt(Descriptor(folder), name, (uint)mode) == 0;
        if (!isNew && Marshal.GetLastPInvokeError() != AlreadyThere)
        {
            throw Fault("a folder could not be made");
        }

        var opened = FileCalls.OpenFolder(folder, name) ?? throw Fault("a folder could not be opened");
        if (isNew)
        {
            File.SetUnixFileMode(opened, mode); // whatever the umask took away
        }

        return opened;
    }

    /// <summary>Something of that name is there, be it a link that leads nowhere.</summary>
    public static bool Has(SafeFileHandle folder, string name)
    {
        var status = stackalloc byte[256];
        return Statx(Descriptor(folder), name, NotThroughLink, TypeOnly, status) == 0;
    }

    /// <summary>Id of the user something belongs to; of a link itself, not of what it leads to.</summary>
    public static uint? OwnerOf(SafeFileHandle folder, string name)
    {
        var status = stackalloc byte[256];
        return Statx(Descriptor(folder), name, NotThroughLink, UserOnly, status) == 0
            ? MemoryMarshal.Read<uint>(new(status + 20, sizeof(uint)))
            : null;
    }

    /// <summary>Writes a new file; what is there already is a fault.</summary>
    public static void Write(SafeFileHandle folder, string name, string text, UnixFileMode mode)
    {
        var descriptor = OpenAt(Descriptor(folder), name, CreateNewForWriting, (uint)mode);
        if (descriptor < 0)
        {
            throw Fault("a file could not be made");
        }

        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        File.SetUnixFileMode(file, mode);
        RandomAccess.Write(file, Encoding.UTF8.GetBytes(text), 0);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Moves something from one folder to another, for good: both are flushed.</summary>
    public static void Move(SafeFileHandle from, string name, SafeFileHandle to, string newName)
    {
        if (!TryMove(from, name, to, newName))
        {
            throw Fault("something is gone that was to be moved");
        }

        Flush(to);
        Flush(from);
    }

    /// <summary>The same, for what may come back.</summary>
    /// <returns>False when it is not there any more.</returns>
    public static bool TryMove(SafeFileHandle from, string name, SafeFileHandle to, string newName)
    {
        if (RenameAt(Descriptor(from), name, Descriptor(to), newName) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == NotThere ? false : throw Fault("something could not be moved");
    }

    /// <summary>Removes a file for good.</summary>
    /// <returns>False when it is still there.</returns>
    public static bool TryRemove(SafeFileHandle folder, string name)
    {
        if (UnlinkAt(Descriptor(folder), name, 0) == 0)
        {
            Flush(folder);
            return true;
        }

        return Marshal.GetLastPInvokeError() == NotThere;
    }

    static void Flush(SafeFileHandle folder)
    {
        if (Fsync(Descriptor(folder)) != 0)
        {
            throw Fault("a folder could not be flushed");
        }
    }

    static int Descriptor(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    // With the error's number, as the framework gives it: by that a full disk is told.
    static IOException Fault(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return new($"{what}, error {error}", error);
    }

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeDirectoryAt(int folder, string path, uint mode);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenAt(int folder, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt(int fromFolder, string from, int toFolder, string to);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnlinkAt(int folder, string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);
}
