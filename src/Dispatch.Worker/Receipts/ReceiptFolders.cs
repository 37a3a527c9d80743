using Dispatch.Worker.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Dispatch.Worker.Receipts;

/// <summary>
/// Where print houses put their receipt files: <c>DATA/receipts/PRINTHOUSE/</c>. A file that has its last line and did
/// not change between two looks is set aside, into <c>taken</c>, before it is applied: one of the same name that comes
/// meanwhile is another file.
/// </summary>
/// <param name="patience">How long an unchanged file may lack its last line before it is applied,
/// and so refused.</param>
sealed class ReceiptFolders(DataFolder data, TimeSpan patience, TimeProvider clock)
{
    const int LastLineBytes = 64;
    const string Taken = "taken";
    const string Pattern = "*.receipts.csv";
    const UnixFileMode OwnFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Files set aside in one round.</summary>
    const int FilesMax = 1_000;

    // Files that were not due yet, at the last look and at this one. What is gone by this one is forgotten.
    Dictionary<string, (long Bytes, DateTime At, long Since)> _before = new(StringComparer.Ordinal);
    Dictionary<string, (long Bytes, DateTime At, long Since)> _seen = new(StringComparer.Ordinal);

    /// <summary>Looks once; gives the files that may be applied, with their print houses. A path leads through the
    /// folder that was opened, whatever lies there by now, and is good until the next one is asked for.</summary>
    /// <param name="refuse">Told of a print house whose folder <c>taken</c> is a link, or not ours to open.</param>
    public IEnumerable<(string PrintHouse, string Path)> FindDue(Action<string> refuse)
    {
        (_before, _seen) = (_seen, _before);
        _seen.Clear();
        foreach (var folder in FindPrintHouses(refuse))
        {
            var printHouse = Path.GetFileName(folder);
            using var taken = TryTake(folder, out var files);
            if (taken is null)
            {
                refuse(printHouse);
            }

            foreach (var file in files)
            {
                yield return (printHouse, file);
            }
        }
    }

    IReadOnlyList<string> FindPrintHouses(Action<string> refuse)
    {
        try
        {
            return [.. Directory.GetDirectories(data.Receipts).Where(IsPrintHouse).Order(StringComparer.Ordinal)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            refuse(Path.GetFileName(data.Receipts)); // away for now, as a share that is mounted again
            return [];
        }
    }

    SafeFileHandle? TryTake(string folder, out IReadOnlyList<string> files)
    {
        files = [];
        SafeFileHandle? taken = null;
        try
        {
            taken = SetAside(folder);
            if (taken is not null)
            {
                files = [.. Directory.EnumerateFiles(FileCalls.PathOf(taken), Pattern).Order(StringComparer.Ordinal)];
            }

            return taken;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            taken?.Dispose();
            return null;
        }
    }

    bool IsPrintHouse(string folder) =>
        folder != data.AppliedReceipts && folder != data.ReceiptQuarantine
        && new DirectoryInfo(folder).LinkTarget is null;

    // The print house may write here: nothing is moved through a link that it laid, into another one's folder.
    SafeFileHandle SetAside(string folder)
    {
        using var house = FileCalls.OpenFolder(folder, followsLink: false)
            ?? throw new IOException("a print house's folder of receipts could not be opened");
        var taken = FolderCalls.OpenOrMake(house, Taken, OwnFolder);
        var due = new DirectoryInfo(folder).EnumerateFiles(Pattern)
            .Where(file => IsDue(file) && !FolderCalls.Has(taken, file.Name))
            .OrderBy(file => file.LastWriteTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal)
            .Take(FilesMax);
        foreach (var file in due)
        {
            _seen.Remove(file.FullName);
            FolderCalls.TryMove(house, file.Name, taken, file.Name);
        }

        return taken;
    }

    bool IsDue(FileInfo file)
    {
        var look = (file.Length, file.LastWriteTimeUtc);
        if (_before.TryGetValue(file.FullName, out var before) && (before.Bytes, before.At) == look)
        {
            _seen[file.FullName] = before;
            return HasLastLine(file.FullName) || clock.GetElapsedTime(before.Since) > patience;
        }

        _seen[file.FullName] = (look.Length, look.LastWriteTimeUtc, clock.GetTimestamp());
        return false;
    }

    // Opened as the import opens it: never through a link, without waiting where a pipe lies. What is no file is due,
    // and refused.
    static bool HasLastLine(string path)
    {
        using var file = FileCalls.OpenFile(path);
        if (file is null || FileCalls.Look(file) is not { IsRegular: true } facts)
        {
            return true;
        }

        Span<byte> end = stackalloc byte[LastLineBytes];
        var read = RandomAccess.Read(file, end, Math.Max(0, facts.Bytes - LastLineBytes));
        return end[..read].IndexOf("#end;"u8) >= 0;
    }
}
