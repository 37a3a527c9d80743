using System.Security.Cryptography;
using Dispatch.Routing.Register;
using Dispatch.Worker.Security;

namespace Dispatch.Worker.Register;

/// <summary>
/// Keeps the whole register's image, sealed, so that a start does not read a nation row by row. A shortcut and nothing
/// more: an image that is missing, cut, of another version or under another key is as if it were not there, and one
/// that cannot be written is not.
/// </summary>
sealed class RegisterImageFolder(string folder, KeyRing keys)
{
    /// <param name="identity">Of the register version wanted.</param>
    /// <returns>Null when no such image opens.</returns>
    public RegisterSnapshot? Read(
        Guid identity, long version, bool withNames, IReadOnlyCollection<uint> registeredCprs)
    {
        try
        {
            using var file = File.OpenRead(PathOf(identity, withNames));
            using var image = new SealedFileReader(file, keys, PurposeOf(identity, withNames));
            return RegisterImage.Read(image.Fill, version, registeredCprs);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return null;
        }
    }

    public void Write(Guid identity, RegisterSnapshot snapshot, bool withNames)
    {
        var draft = Path.Combine(folder, $".{Environment.ProcessId}.{Guid.NewGuid():N}.part");
        try
        {
            const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            Directory.CreateDirectory(folder, Private | UnixFileMode.UserExecute);
            RemoveOthers(identity);
            using (var file = new FileStream(
                draft, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Private }))
            {
                using var image = new SealedFileWriter(file, keys, PurposeOf(identity, withNames));
                RegisterImage.Write(snapshot, image.Write);
                image.Finish();
            }

            File.Move(draft, PathOf(identity, withNames), overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            RemoveIfThere(draft);
        }
    }

    static void RemoveIfThere(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The folder is gone or shut: nothing was written.
        }
    }

    // The identity is in the key: a file under another register's name does not open.
    static string PurposeOf(Guid identity, bool withNames) =>
        $"register image {RegisterImage.Format} {identity:N} {(withNames ? "named" : "plain")}";

    string PathOf(Guid identity, bool withNames) =>
        Path.Combine(folder, $"{identity:N}-{(withNames ? "named" : "plain")}");

    // Images of older versions, and drafts of processes that were killed; of one still writing, only the file's name
    // goes.
    void RemoveOthers(Guid identity)
    {
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            if (!Path.GetFileName(path).StartsWith($"{identity:N}", StringComparison.Ordinal))
            {
                File.Delete(path);
            }
        }
    }
}
