using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Dispatch.Worker.Database.Jobs;

/// <summary>
/// An accepted list in the spool: the sealed text of its chunks, end to end. Any number of threads read it. While it is
/// open nobody sweeps it away.
/// </summary>
sealed class SpooledList : IDisposable
{
    readonly SafeFileHandle _file;

    SpooledList(SafeFileHandle file)
    {
        _file = file;
    }

    /// <exception cref="DispatchException"><c>spool.missing</c>: the list is not where the job says it is; exit
    /// 1.</exception>
    public static SpooledList Open(string path)
    {
        try
        {
            return new(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess));
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DispatchException(
                "spool.missing",
                $"the job's list is not in the spool at '{path}'; expected the file that was accepted; put the spool "
                + "back from your backup, or cancel the job and submit it again under another reference",
                ExitCode.Failed);
        }
    }

    /// <summary>Where the lists lie in the spool folder.</summary>
    public static string FolderOf(string spool) => Path.Combine(spool, "lists");

    /// <summary>Where one list lies.</summary>
    /// <exception cref="DispatchException"><c>database.name</c>, exit 1.</exception>
    public static string PathOf(string spool, string listFile) =>
        Path.Combine(FolderOf(spool), StoredName.Check(listFile));

    /// <summary>Reads the sealed bytes of one chunk; <see cref="Security.JobKey.OpenListChunk"/> opens them.</summary>
    /// <param name="destination">As long as the chunk's <see cref="JobChunk.SpoolBytes"/>.</param>
    public void ReadChunk(long offset, Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            var read = RandomAccess.Read(_file, destination, offset);
            if (read == 0)
            {
                throw new DispatchException(
                    "spool.short", "a spooled list is shorter than the job says; put the spool back from your backup",
                    ExitCode.Failed);
            }

            destination = destination[read..];
            offset += read;
        }
    }

    public void Dispose() => _file.Dispose();
}
