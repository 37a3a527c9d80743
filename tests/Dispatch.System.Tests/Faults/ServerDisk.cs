namespace Dispatch.System.Tests.Faults;

/// <summary>A world whose server, or its log alone, is on a small disk of its own.</summary>
sealed class ServerDisk : IAsyncDisposable
{
    const string Size = "size=400m";
    const int BlockBytes = 1 << 20;

    readonly MountedDisk _disk;
    readonly string _ballast;

    ServerDisk(FaultWorld world, MountedDisk disk, string folder)
    {
        (World, _disk, _ballast) = (world, disk, Path.Combine(folder, "ballast"));
    }

    public FaultWorld World { get; }

    /// <param name="isLogOnly">The rest of the server is where it always is.</param>
    public static async Task<ServerDisk> OpenAsync(bool isLogOnly)
    {
        var world = new FaultWorld(isLogOnly ? "log-disk" : "server-disk");
        var folder = isLogOnly ? world.Cluster.UseLogFolder() : world.Cluster.Folder;
        var disk = await MountedDisk.OverAsync(folder, Size);
        var opened = new ServerDisk(world, disk, folder);
        world.Disk = opened;
        await world.InitializeAsync();
        return opened;
    }

    /// <summary>Not a byte is left on it.</summary>
    public void Fill()
    {
        var block = new byte[BlockBytes];
        using var file = new FileStream(_ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var bytes = BlockBytes; bytes > 0;)
        {
            try
            {
                file.Write(block, 0, bytes);
            }
            catch (IOException)
            {
                bytes /= 2;
            }
        }
    }

    public void Clear() => File.Delete(_ballast);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await World.Cluster.StopServerAsync("immediate");
        }
        finally
        {
            await _disk.DisposeAsync();
            await World.DisposeAsync();
        }
    }
}
