namespace Dispatch.Worker.Diagnostics;

/// <summary>
/// Whose a log file is: every process has one of its own, for two that write to one file write over each other's lines.
/// Places are counted from 1 and taken again when they are free, so that there are no more than processes at a time.
/// </summary>
sealed class LogPlace : IDisposable
{
    const int PlacesMax = 256;
    const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    readonly FileStream? _lock;

    LogPlace(string folder, int number, FileStream? held)
    {
        _lock = held;
        Pattern = Path.Combine(folder, number == 1 ? "dispatch-.log" : $"dispatch-{number}-.log");
    }

    /// <summary>Path of its log files; the day comes before the last dot.</summary>
    public string Pattern { get; }

    /// <summary>The first place nobody has. Where none can be had, as on a disk that is read-only, the first one: what
    /// a command does must not fail with its log.</summary>
    /// <param name="folder">Of the logs.</param>
    public static LogPlace Take(string folder)
    {
        for (var number = 1; number <= PlacesMax; number++)
        {
            if (TryLock(Path.Combine(folder, $"dispatch-{number}.lock")) is { } held)
            {
                return new(folder, number, held);
            }
        }

        return new(folder, 1, null);
    }

    public void Dispose() => _lock?.Dispose();

    // The kernel lets it go when the process ends, however it ends.
    static FileStream? TryLock(string path)
    {
        try
        {
            var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite,
                UnixCreateMode = Private,
            });
            if (Libc.TryLock(file.SafeFileHandle))
            {
                return file;
            }

            file.Dispose();
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
