using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Dispatch.PrintExport.Handoff;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Receipts;

/// <summary>
/// A receipt file as it was given to us: our own copy of it, which nobody changes while it is read, and its hash. The
/// copy lies in <c>DATA/receipts</c> under a <c>.part</c> name until it is known what becomes of it.
/// </summary>
sealed partial class ReceivedFile : IDisposable
{
    const int CopyBytes = 256 * 1024;
    const string PartSuffix = ".part";
    const string FileSuffix = ".receipts.csv";

    readonly FileStream _copy;
    bool _isKept;

    ReceivedFile(FileStream copy, string name, long bytes, byte[]? sha256)
    {
        (_copy, Name, Bytes, Sha256) = (copy, name, bytes, sha256);
    }

    /// <summary>Its own name; empty when it is none that a receipt file may have.</summary>
    public string Name { get; }

    public long Bytes { get; }

    /// <summary>Null when the file is larger than may be: it was not read then.</summary>
    public byte[]? Sha256 { get; }

    /// <summary>Copies the file; what was left by imports that were killed goes.</summary>
    /// <exception cref="DispatchException">
    /// <c>receipt.missing</c> (2), <c>receipt.not_regular</c> (65), <c>receipt.unstable</c> (75), <c>disk.full</c>
    /// (75).
    /// </exception>
    public static async Task<ReceivedFile> TakeAsync(string path, string folder, long bytesMax,
        CancellationToken cancel)
    {
        RemoveAbandoned(folder);
        using var file = Open(path);
        var facts = FileCalls.Look(file);
        if (!facts.IsRegular)
        {
            throw NotRegular();
        }

        var name = Path.GetFileName(path);
        var copy = new FileStream(Path.Combine(folder, $"{Guid.NewGuid():N}{PartSuffix}"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = CopyBytes,
        });
        var received = new ReceivedFile(
            copy, NamePattern().IsMatch(name) ? name : "", facts.Bytes,
            facts.Bytes > bytesMax ? null : await CopyAsync(file, facts.Bytes, copy, cancel));
        if (FileCalls.Look(file) == facts)
        {
            return received;
        }

        received.Dispose();
        throw new DispatchException(
            "receipt.unstable", "the receipt file was written to while it was read, expected a finished file; import "
            + "it when the writer is done",
            ExitCode.TryAgain);
    }

    /// <summary>The content, from its beginning.</summary>
    public Stream Read()
    {
        _copy.Position = 0;
        return _copy;
    }

    /// <summary>Puts the copy where it stays: under the name of its hash, so that a repeated one is the same
    /// file.</summary>
    public void KeepIn(string folder, string printHouse)
    {
        if (Sha256 is not null)
        {
            _copy.Flush(flushToDisk: true);
            File.Move(_copy.Name, PathIn(folder, printHouse, Sha256), overwrite: true);
            FileCalls.FlushFolder(folder);
            _isKept = true;
        }
    }

    public void Dispose()
    {
        _copy.Dispose();
        if (!_isKept)
        {
            File.Delete(_copy.Name);
        }
    }

    public static string PathIn(string folder, string printHouse, byte[] sha256) =>
        Path.Combine(folder, $"{StoredName.Check(printHouse)}-{Convert.ToHexStringLower(sha256)}{FileSuffix}");

    static Microsoft.Win32.SafeHandles.SafeFileHandle Open(string path)
    {
        const int NoSuchFile = 2;
        const int NoSuchDevice = 6;
        const int NotAFolder = 20;
        const int TooManyLinks = 40;
        return FileCalls.OpenFile(path) ?? throw (Marshal.GetLastPInvokeError() switch
        {
            NoSuchDevice or TooManyLinks => NotRegular(),
            NoSuchFile or NotAFolder => new DispatchException(
                "receipt.missing", "there is no such receipt file, expected FILE to name one; check the path",
                ExitCode.Usage),
            var error => new DispatchException(
                "receipt.unreadable", $"the receipt file cannot be opened (error {error}), expected one that the user "
                + "running dispatch may read; check its rights",
                ExitCode.Configuration),
        });
    }

    static async Task<byte[]> CopyAsync(
        Microsoft.Win32.SafeHandles.SafeFileHandle file, long bytes, FileStream copy, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[CopyBytes];
        try
        {
            for (var at = 0L; at < bytes;)
            {
                var read = await RandomAccess.ReadAsync(
                    file, buffer.AsMemory(0, (int)Math.Min(buffer.Length, bytes - at)), at, cancel);
                if (read == 0)
                {
                    break;
                }

                hash.AppendData(buffer.AsSpan(0, read));
                await copy.WriteAsync(buffer.AsMemory(0, read), cancel);
                at += read;
            }

            await copy.FlushAsync(cancel);
            return hash.GetHashAndReset();
        }
        catch (Exception exception)
        {
            await copy.DisposeAsync();
            File.Delete(copy.Name);
            throw FileFault.From(exception, Path.GetDirectoryName(copy.Name)!, "access.denied") ?? exception;
        }
    }

    // A live import holds its copy locked; the lock of a killed one is gone with it.
    static void RemoveAbandoned(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*" + PartSuffix))
        {
            try
            {
                using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                {
                    File.Delete(path);
                }
            }
            catch (IOException)
            {
                // Somebody is at work on it, or has just finished.
            }
        }
    }

    static DispatchException NotRegular() => new(
        "receipt.not_regular", "the receipt file is a link, a folder, a pipe or a device, expected a regular file; "
        + "name the file itself");

    [GeneratedRegex(
        @"^[A-Za-z0-9][A-Za-z0-9._-]{0,180}\.receipts\.csv\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();
}
