using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dispatch.Worker.Diagnostics;

/// <summary>The few calls of the C library that .NET has no equal for.</summary>
static partial class Libc
{
    /// <summary>Not changed by <see cref="Chown"/>.</summary>
    public const uint Unchanged = uint.MaxValue;

    const int CloseOnExec = 0x80000;
    const int CurrentFolder = -100;
    const uint StatxType = 0x1;
    const uint StatxOwner = 0x18;
    const int StatxBytes = 256;
    const ulong MountRoot = 0x2000;
    const int LockOpenFile = 37; // F_OFD_SETLK
    const short WriteLock = 1; // F_WRLCK
    const int LockBytes = 32;
    const int WriteAndSearch = 2 | 1;
    const int SetDumpable = 4;
    const ushort FormatMask = 0xF000;
    const ushort RegularFormat = 0x8000;

    public static bool IsRoot => EffectiveUserId() == 0;

    /// <summary>What is created from now on is closed to others unless it is opened on purpose.</summary>
    public static void CloseToOthers() => _ = Umask(0x3F); // 077

    /// <summary>Whatever befalls this process, nothing of its memory is written to a disk, and nobody but root sees its
    /// memory or its environment: not even another process of the same user.</summary>
    public static void HideMemory() => _ = Prctl(SetDumpable, 0, 0, 0, 0);

    /// <summary>Gives the id of a group, or null when there is none of that name.</summary>
    public static uint? FindGroup(string name)
    {
        // struct group: char* gr_name, char* gr_passwd, gid_t gr_gid
        var entry = GetGroup(name);
        return entry == 0 ? null : (uint)Marshal.ReadInt32(entry, 2 * nint.Size);
    }

    /// <summary>Gives user and group id of a user, or null when there is none of that name.</summary>
    public static (uint User, uint Group)? FindUser(string name)
    {
        // struct passwd: char* pw_name, char* pw_passwd, uid_t pw_uid, gid_t pw_gid
        var entry = GetUser(name);
        return entry == 0
            ? null
            : ((uint)Marshal.ReadInt32(entry, 2 * nint.Size), (uint)Marshal.ReadInt32(entry, 2 * nint.Size + 4));
    }

    /// <summary>The login of a user's id; null when nobody has it.</summary>
    public static string? LoginOf(uint user)
    {
        // struct passwd: char* pw_name first
        var entry = GetUserOf(user);
        return entry == 0 ? null : Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(entry));
    }

    /// <summary>Neither folder nor pipe nor device; links are followed. Does not open it, and so never waits.</summary>
    public static unsafe bool IsRegularFile(string path)
    {
        // struct statx is laid out alike on every processor: the mode is at 28.
        Span<byte> status = stackalloc byte[StatxBytes];
        fixed (byte* at = status)
        {
            return Statx(CurrentFolder, path, 0, StatxType, at) == 0
                && (MemoryMarshal.Read<ushort>(status[28..]) & FormatMask) == RegularFormat;
        }
    }

    /// <summary>Ids of a file's user and group; null when it cannot be looked at.</summary>
    public static unsafe (uint User, uint Group)? OwnerOf(string path)
    {
        Span<byte> status = stackalloc byte[StatxBytes];
        fixed (byte* at = status)
        {
            return Statx(CurrentFolder, path, 0, StatxOwner, at) == 0
                ? (MemoryMarshal.Read<uint>(status[20..]), MemoryMarshal.Read<uint>(status[24..]))
                : null;
        }
    }

    /// <summary>Something is mounted there: a disk, a share; links are followed. Null where that cannot be told.</summary>
    public static unsafe bool? IsMountPoint(string path)
    {
        // struct statx: the attributes are at 8, those the file system tells at 56.
        Span<byte> status = stackalloc byte[StatxBytes];
        fixed (byte* at = status)
        {
            return Statx(CurrentFolder, path, 0, StatxType, at) == 0
                && (MemoryMarshal.Read<ulong>(status[56..]) & MountRoot) != 0
                ? (MemoryMarshal.Read<ulong>(status[8..]) & MountRoot) != 0
                : null;
        }
    }

    /// <summary>This user may write there, and the file system takes writes. Leaves nothing behind.</summary>
    public static bool MayWrite(string path) => Access(path, WriteAndSearch) == 0;

    /// <summary>Locks an open file against others who ask, until it is closed; who only reads it is not kept from it.
    /// False when somebody else has it.</summary>
    public static unsafe bool TryLock(SafeFileHandle file)
    {
        // struct flock on 64 bits: the type is at 0; zeros lock the whole file.
        var wish = stackalloc byte[LockBytes];
        new Span<byte>(wish, LockBytes).Clear();
        *(short*)wish = WriteLock;
        return Fcntl((int)file.DangerousGetHandle(), LockOpenFile, wish) == 0;
    }

    /// <summary>Makes a folder's entries durable: a file renamed into it stays there through a power cut.</summary>
    public static void FlushFolder(string path)
    {
        using var folder = new SafeFileHandle(OpenPath(path, CloseOnExec), ownsHandle: true);
        if (folder.IsInvalid || Fsync((int)folder.DangerousGetHandle()) != 0)
        {
            throw new IOException($"the folder '{path}' could not be flushed, error {Marshal.GetLastPInvokeError()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUserId();

    /// <returns>0, or −1 with the error in <see cref="Marshal.GetLastPInvokeError"/>.</returns>
    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Chown(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Statx(int folder, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenPath(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static unsafe partial int Fcntl(int descriptor, int command, byte* argument);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint Umask(uint mask);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Prctl(int option, nint value, nint third, nint fourth, nint fifth);

    [LibraryImport("libc", EntryPoint = "getgrnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetGroup(string name);

    [LibraryImport("libc", EntryPoint = "getpwuid")]
    private static partial nint GetUserOf(uint user);

    [LibraryImport("libc", EntryPoint = "getpwnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetUser(string name);
}
