using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Dispatch.Worker.Intake;

/// <summary>An open regular file of a job folder, and what it looked like when it was opened.</summary>
sealed class PlainFile : IDisposable
{
    readonly FileCalls.FileFacts _facts;

    public PlainFile(SafeFileHandle handle, string name)
    {
        (Handle, Name) = (handle, name);
        _facts = FileCalls.Look(handle);
    }

    public SafeFileHandle Handle { get; }

    public string Name { get; }

    /// <summary>Bytes when it was opened.</summary>
    public long Length => _facts.Bytes;

    public bool IsRegular => _facts.IsRegular;

    /// <summary>The whole file.</summary>
    /// <exception cref="DispatchException"><c>file.too_large</c>, <c>file.unstable</c>.</exception>
    public byte[] ReadWhole(int bytesMax)
    {
        if (Length > bytesMax)
        {
            throw TooLarge(bytesMax);
        }

        var bytes = new byte[Length];
        var at = 0;
        while (at < bytes.Length)
        {
            var read = RandomAccess.Read(Handle, bytes.AsSpan(at), at);
            if (read == 0)
            {
                break;
            }

            at += read;
        }

        return at == bytes.Length && !HasChanged() ? bytes : throw Unstable();
    }

    /// <summary>Whether somebody wrote to it since it was opened.</summary>
    public bool HasChanged() => FileCalls.Look(Handle) != _facts;

    public DispatchException TooLarge(long bytesMax) => new(
        "file.too_large", $"{ShownName.Of(Name)} has {Length} bytes, expected at most {bytesMax}; split the job or "
        + "raise the limit");

    public DispatchException Unstable() => new(
        "file.unstable",
        $"{ShownName.Of(Name)} was written to while it was read, expected a finished file; submit it when the writer "
        + "is done");

    public void Dispose() => Handle.Dispose();
}
