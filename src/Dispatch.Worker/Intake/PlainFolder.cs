using System.Runtime.InteropServices;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Dispatch.Worker.Intake;

/// <summary>
/// A job folder, opened once: every file is opened relative to it, by a plain name and never through a link, so that
/// nothing outside can be read through it, whoever renames what meanwhile.
/// </summary>
sealed class PlainFolder : IJobSource
{
    const int NoSuchFile = 2;
    const int NotAFolder = 20;
    const int TooManyLinks = 40;
    const int NoSuchDevice = 6;
    const int NameTooLong = 36;

    readonly SafeFileHandle _handle;

    PlainFolder(SafeFileHandle handle)
    {
        _handle = handle;
    }

    /// <param name="followsLink">The path itself may be a link.</param>
    /// <exception cref="DispatchException"><c>job.missing</c>: there is no such folder.</exception>
    public static PlainFolder Open(string path, bool followsLink) => new(FileCalls.OpenFolder(path, followsLink) ?? throw new DispatchException(
        "job.missing", "the job folder cannot be opened, expected a folder with job.json in it; check the path and "
        + "its rights"));

    /// <summary>A name and nothing more: no path, no parent folder.</summary>
    public static bool IsPlainName(string name) => StoredName.IsPlain(name);

    /// <exception cref="DispatchException"><c>file.missing</c>, <c>file.not_regular</c>.</exception>
    public IJobSource OpenFolder(string name) =>
        new PlainFolder(FileCalls.OpenFolder(_handle, name) ?? throw Fault(name, "a folder"));

    /// <exception cref="DispatchException"><c>file.missing</c>, <c>file.not_regular</c>,
    /// <c>file.unreadable</c>.</exception>
    public PlainFile OpenFile(string name)
    {
        // A name with more to it than a name never gets this far: job.json and the letter are checked for it.
        if (!IsPlainName(name))
        {
            throw new ArgumentException("not a plain file name", nameof(name));
        }

        var handle = FileCalls.OpenFile(_handle, name) ?? throw Fault(name, "a file");
        var file = new PlainFile(handle, name);
        if (file.IsRegular)
        {
            return file;
        }

        file.Dispose();
        throw NotRegular(name);
    }

    public void Dispose() => _handle.Dispose();

    static DispatchException NotRegular(string name) => new(
        "file.not_regular",
        $"{ShownName.Of(name)} is a link, a folder, a pipe or a device, expected a regular file; put the file itself "
        + "there");

    static DispatchException Fault(string name, string expected) => Marshal.GetLastPInvokeError() switch
    {
        NoSuchFile or NameTooLong => new(
            "file.missing", $"{ShownName.Of(name)} is not in the job folder, expected {expected} of that name; add it "
            + "and submit again"),
        TooManyLinks or NotAFolder or NoSuchDevice => NotRegular(name),
        var error => new(
            "file.unreadable",
            $"{ShownName.Of(name)} cannot be opened (error {error}), expected {expected} that the user running "
            + "dispatch may read; check its rights"),
    };
}
