using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Intake;

/// <summary>
/// A job that dispatch makes itself, of letters people have received. Its files are in memory only: on a disk they would
/// be there in the clear until somebody took them away, and in its backups for good.
/// </summary>
/// <param name="files">By name; pictures as <c>assets/NAME</c>.</param>
sealed class MemoryFolder(IReadOnlyDictionary<string, byte[]> files) : IJobSource
{
    public IJobSource OpenFolder(string name)
    {
        var above = name + "/";
        return new MemoryFolder(files.Where(file => file.Key.StartsWith(above, StringComparison.Ordinal)).ToDictionary(
            file => file.Key[above.Length..], file => file.Value, StringComparer.Ordinal));
    }

    public PlainFile OpenFile(string name)
    {
        var content = files.GetValueOrDefault(name) ?? throw new DispatchException(
            "file.missing", $"{ShownName.Of(name)} is not in the job; expected a file of that name");
        var handle = FileCalls.CreateInMemory();
        RandomAccess.Write(handle, content, 0);
        return new PlainFile(handle, name);
    }

    public void Dispose()
    {
        // The open files are closed by whoever opened them.
    }
}
