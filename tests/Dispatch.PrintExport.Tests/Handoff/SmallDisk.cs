using System.Diagnostics;

namespace Dispatch.PrintExport.Tests.Handoff;

/// <summary>A tmpfs of 64 KiB that can be full and can be made read-only.</summary>
sealed class SmallDisk : IDisposable
{
    static readonly Lazy<bool> Allowed = new(TryMountOne);

    public SmallDisk()
    {
        Path = Directory.CreateTempSubdirectory("dispatch-disk-").FullName;
        if (!Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", Path))
        {
            Directory.Delete(Path);
            throw new InvalidOperationException("mount failed");
        }
    }

    public static bool CanMount => Allowed.Value;

    public string Path { get; }

    public void MakeReadOnly() => Assert.True(Run("mount", "-o", "remount,ro", Path));

    public void Dispose()
    {
        Run("umount", Path);
        Directory.Delete(Path);
    }

    static bool TryMountOne()
    {
        try
        {
            using var disk = new SmallDisk();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
