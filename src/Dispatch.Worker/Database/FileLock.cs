using System.Runtime.InteropServices;
using Dispatch.Routing;
using Microsoft.Win32.SafeHandles;

namespace Dispatch.Worker.Database;

/// <summary>
/// An advisory lock (<c>flock</c>) that the kernel lets go when the process ends, however it ends. Programs started
/// meanwhile do not inherit it.
/// </summary>
sealed partial class FileLock : IDisposable
{
    const int ReadWriteCreateCloseOnExec = 0x80042; // O_RDWR | O_CREAT | O_CLOEXEC
    const int OwnerOnly = 0x180; // 0600
    const int Shared = 1;
    const int Exclusive = 2;
    const int DoNotWait = 4;

    static readonly TimeSpan RetryPeriod = TimeSpan.FromMilliseconds(50);

    readonly SafeFileHandle _file;

    FileLock(SafeFileHandle file) => _file = file;

    /// <summary>Waits until nobody else holds the lock in any way.</summary>
    public static async Task<FileLock> TakeExclusiveAsync(string path, TimeProvider time, CancellationToken ct)
    {
        var held = Open(path);
        try
        {
            while (!held.TryLock(Exclusive))
            {
                await Task.Delay(RetryPeriod, time, ct);
            }

            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Takes the lock beside other sharers; null when somebody holds it exclusively.</summary>
    public static FileLock? TryTakeShared(string path)
    {
        var held = Open(path);
        if (held.TryLock(Shared))
        {
            return held;
        }

        held.Dispose();
        return null;
    }

    /// <summary>True when this was the last sharer and now holds the lock alone.</summary>
    public bool TryBecomeExclusive() => TryLock(Exclusive);

    public void Dispose() => _file.Dispose();

    static FileLock Open(string path)
    {
        var descriptor = OpenFile(path, ReadWriteCreateCloseOnExec, OwnerOnly);
        return descriptor >= 0
            ? new FileLock(new SafeFileHandle(descriptor, ownsHandle: true))
            : throw new DispatchException(
                "access.denied",
                $"'{path}' could not be opened for writing; run dispatch as the owner of the data folder",
                ExitCode.Configuration);
    }

    bool TryLock(int kind) => Flock((int)_file.DangerousGetHandle(), kind | DoNotWait) == 0;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(int descriptor, int operation);
}
