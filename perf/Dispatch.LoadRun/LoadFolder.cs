namespace Dispatch.LoadRun;

/// <summary>A temporary folder that goes with all that a measured program leaves in it.</summary>
sealed class LoadFolder : IDisposable
{
    const UnixFileMode Passable = (UnixFileMode)0b111_001_001;

    readonly string _path = Directory.CreateTempSubdirectory("dispatch-load-").FullName;

    /// <summary>The embedded server's user can pass both folders, so that its cluster lies within and goes with them,
    /// for root too.</summary>
    public LoadFolder()
    {
        File.SetUnixFileMode(_path, Passable);
        Data = Directory.CreateDirectory(Inside("data"), Passable).FullName;
    }

    public string Data { get; }

    public string Inside(string name) => Path.Combine(_path, name);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
