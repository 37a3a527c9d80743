using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Faults;

/// <summary>A disk in memory, mounted over a folder.</summary>
sealed class MountedDisk : IAsyncDisposable
{
    readonly string _folder;

    MountedDisk(string folder)
    {
        _folder = folder;
    }

    /// <summary>The folder seems empty while it is there.</summary>
    public static async Task<MountedDisk> OverAsync(string folder, string options)
    {
        Directory.CreateDirectory(folder);
        (await Command.RunAsync("mount", ["-t", "tmpfs", "-o", $"mode=700,{options}", "tmpfs", folder])).Expect(0);
        return new(folder);
    }

    public async Task ResizeAsync(string options) =>
        (await Command.RunAsync("mount", ["-o", $"remount,{options}", _folder])).Expect(0);

    public async ValueTask DisposeAsync() => (await Command.RunAsync("umount", ["-l", _folder])).Expect(0);
}
