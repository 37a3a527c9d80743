using System.Runtime.InteropServices;

namespace Dispatch.Worker.Diagnostics;

/// <summary>
/// Files an operator names: settings and keys to read, letters and lists to write. Their folders may be shared with
/// others (<c>/tmp</c>), so that nothing there is waited for, read without end or written through.
/// </summary>
static class OperatorFile
{
    const int NoSuchFile = 2;
    const int NotAFolder = 20;
    const int IsLink = 40;

    /// <summary>Reads a small regular file.</summary>
    /// <param name="followsLink">The last part of the path may be a link, as secrets are mounted by them.</param>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="IOException">A pipe, a device, a folder, too large, or not to be opened.</exception>
    public static (byte[] Bytes, UnixFileMode Mode)? Read(string path, int bytesMax, bool followsLink = true)
    {
        using var file = followsLink ? FileCalls.OpenLinked(path) : FileCalls.OpenFile(path);
        if (file is null)
        {
            var error = Marshal.GetLastPInvokeError();
            return error is NoSuchFile or NotAFolder ? null : throw new IOException(
                error == IsLink && !followsLink ? "is a link" : $"cannot be opened (error {error})");
        }

        var facts = FileCalls.Look(file);
        if (!facts.IsRegular || facts.Bytes > bytesMax)
        {
            throw new IOException($"is no regular file of at most {bytesMax} bytes");
        }

        using var stream = new FileStream(file, FileAccess.Read, bufferSize: 0);
        var bytes = new byte[facts.Bytes];
        var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return (bytes[..read], File.GetUnixFileMode(file));
    }

    /// <summary>Makes a file that nobody else can read, in the place of whatever lies there: what somebody laid a link
    /// to is not written to.</summary>
    public static FileStream Create(string path)
    {
        File.Delete(path);
        return new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
    }
}
