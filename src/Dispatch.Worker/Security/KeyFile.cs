using System.Text;
using System.Text.RegularExpressions;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Security;

/// <summary>
/// The file of the key-encryption key, and those beside it during a rotation: <c>FILE.next</c> is the key that comes,
/// <c>FILE.KEYID</c> one that went. Each holds 64 hexadecimal digits and is readable by its owner only.
/// </summary>
static partial class KeyFile
{
    const int FileBytesMax = 4_096;

    /// <summary>Reads the key and those beside it; makes the file when there is none and nothing depends on a key.
    /// </summary>
    /// <returns>The file's own key first.</returns>
    /// <exception cref="DispatchException"><c>key.missing</c>, <c>key.mode</c>, <c>key.invalid</c>; exit
    /// 78.</exception>
    public static IReadOnlyList<KeyEncryptionKey> ReadAll(string file, bool mayCreate, bool followsLink)
    {
        if (!File.Exists(file))
        {
            if (!mayCreate)
            {
                throw new DispatchException(
                    "key.missing",
                    $"no key file at '{file}', but the database holds letters sealed under one; expected the key file of this "
                    + "installation; put it back from your backup",
                    ExitCode.Configuration);
            }

            Write(file);
        }

        return [.. Beside(file).Prepend(file).Select(path => Read(path, followsLink))];
    }

    /// <summary>Makes the key that comes, unless an interrupted rotation did, and keeps the present one under its id.
    /// </summary>
    public static KeyEncryptionKey Prepare(string file, bool followsLink)
    {
        var present = Read(file, followsLink);
        KeepAs(file, KeptName(file, present.KeyId), followsLink);
        if (!File.Exists(NextName(file)))
        {
            Write(NextName(file));
        }

        return Read(NextName(file), followsLink);
    }

    /// <summary>Gives the key that came its place; the one before is kept under its id.</summary>
    /// <exception cref="DispatchException"><c>key.wrong</c>, exit 78: no file holds that key.</exception>
    public static void Publish(string file, string keyId, bool followsLink)
    {
        var present = Read(file, followsLink);
        if (present.KeyId == keyId)
        {
            return;
        }

        var next = Beside(file).FirstOrDefault(path => Read(path, followsLink).KeyId == keyId) ?? throw new DispatchException(
            "key.wrong",
            $"neither '{file}' nor a file beside it holds key '{keyId}', which the database names; expected it there; put it back "
            + "from your backup",
            ExitCode.Configuration);
        KeepAs(file, KeptName(file, present.KeyId), followsLink);
        File.Move(next, file, overwrite: true);
        Flush(file);
    }

    /// <summary>Where a key that went is kept.</summary>
    public static string KeptName(string file, string keyId) => $"{file}.{keyId}";

    static string NextName(string file) => file + ".next";

    static IEnumerable<string> Beside(string file) => Directory
        .EnumerateFiles(Path.GetDirectoryName(file)!, Path.GetFileName(file) + ".*")
        .Where(path => KeptPattern().IsMatch(Path.GetExtension(path)))
        .Order(StringComparer.Ordinal);

    static KeyEncryptionKey Read(string file, bool followsLink)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        if (ReadBytes(file, followsLink) is not var (bytes, mode))
        {
            throw Invalid(file, "is gone");
        }

        if ((mode & Others) != 0)
        {
            throw new DispatchException(
                "key.mode",
                $"key file '{file}' can be read by others than its owner; expected mode 0600; run chmod 600 '{file}'",
                ExitCode.Configuration);
        }

        return KeyEncryptionKey.Parse(Encoding.ASCII.GetString(bytes).Trim()) ?? throw Invalid(
            file, "does not hold a key");
    }

    static (byte[] Bytes, UnixFileMode Mode)? ReadBytes(string file, bool followsLink)
    {
        try
        {
            return OperatorFile.Read(file, FileBytesMax, followsLink);
        }
        catch (IOException fault)
        {
            throw Invalid(file, fault.Message);
        }
    }

    static DispatchException Invalid(string file, string found) => new(
        "key.invalid",
        $"key file '{file}' {found}; expected 64 hexadecimal digits, not all zero; put it back from your backup",
        ExitCode.Configuration);

    static void Write(string file) =>
        Place(file, Encoding.ASCII.GetBytes(KeyEncryptionKey.NewText() + "\n"));

    static void KeepAs(string file, string kept, bool followsLink)
    {
        if (!File.Exists(kept))
        {
            Place(kept, ReadBytes(file, followsLink)?.Bytes ?? throw Invalid(file, "is gone"));
        }
    }

    // Written whole before it gets its name, and made durable: a key lost in a power cut takes every letter with it.
    static void Place(string file, byte[] content)
    {
        var folder = Path.GetDirectoryName(file)!;
        var draft = Path.Combine(folder, $".{Path.GetFileName(file)}.{Environment.ProcessId}.part");
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var stream = new FileStream(draft, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        try
        {
            // Does not overwrite: of two processes that start at once, one key wins and both read it.
            File.Move(draft, file, overwrite: false);
            Flush(file);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(draft);
        }
    }

    static void Flush(string file) => Libc.FlushFolder(Path.GetDirectoryName(file)!);

    [GeneratedRegex(@"^\.(next|[0-9a-f]{16})\z", RegexOptions.NonBacktracking)]
    private static partial Regex KeptPattern();
}
