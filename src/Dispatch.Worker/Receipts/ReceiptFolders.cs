using Dispatch.Worker.Diagnostics;

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

    /// <summary>Files set aside in one round.</summary>
    const int FilesMax = 1_000;

    readonly Dictionary<string, (long Bytes, DateTime At, long Since)> _seen = new(StringComparer.Ordinal);

    /// <summary>Looks once; gives the files that may be applied, with their print houses.</summary>
    public IReadOnlyList<(string PrintHouse, string Path)> FindDue()
    {
        var due = new List<(string, string)>();
        var folders = Directory.EnumerateDirectories(data.Receipts).Where(IsPrintHouse).Order(StringComparer.Ordinal);
        foreach (var folder in folders)
        {
            SetAside(folder);
            var taken = Path.Combine(folder, Taken);
            if (Directory.Exists(taken))
            {
                due.AddRange(Directory.EnumerateFiles(taken, Pattern).Order(StringComparer.Ordinal)
                    .Select(file => (Path.GetFileName(folder), file)));
            }
        }

        return due;
    }

    bool IsPrintHouse(string folder) =>
        folder != data.AppliedReceipts && folder != data.ReceiptQuarantine
        && new DirectoryInfo(folder).LinkTarget is null;

    void SetAside(string folder)
    {
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles(Pattern).Take(FilesMax))
        {
            if (!IsDue(file))
            {
                continue;
            }

            var target = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, Taken)).FullName, file.Name);
            if (!Path.Exists(target))
            {
                _seen.Remove(file.FullName);
                Rename(file.FullName, target);
            }
        }
    }

    bool IsDue(FileInfo file)
    {
        var look = (file.Length, file.LastWriteTimeUtc);
        if (_seen.TryGetValue(file.FullName, out var before) && (before.Bytes, before.At) == look)
        {
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

    static void Rename(string from, string to)
    {
        try
        {
            File.Move(from, to);
        }
        catch (FileNotFoundException)
        {
            // Another worker was quicker.
        }
    }
}
