using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Intake;

/// <summary>
/// The folder job folders are dropped into. One is due when it is whole and did not change between two looks, or when
/// it has lacked a file for too long; it leaves for <c>accepted</c> or <c>refused</c>.
/// </summary>
/// <param name="patience">How long an unchanged folder may lack a file it names.</param>
sealed class Inbox(string path, IntakeLimits limits, TimeSpan patience, TimeProvider clock)
{
    const string Accepted = "accepted";
    const string Refused = "refused";
    const string ErrorSuffix = ".error.txt";

    /// <summary>Folders looked at in one round; the others have their turn when these are gone.</summary>
    const int FoldersMax = 1_000;

    readonly Dictionary<string, (InboxLook Look, long Since)> _seen = new(StringComparer.Ordinal);

    /// <summary>Looks once; gives the names of the folders that are due.</summary>
    public IReadOnlyList<string> FindDue()
    {
        var names = new DirectoryInfo(path).EnumerateFileSystemInfos().Where(IsJob).Select(entry => entry.Name)
            .Order(StringComparer.Ordinal).Take(FoldersMax).ToList();
        foreach (var gone in _seen.Keys.Except(names).ToList())
        {
            _seen.Remove(gone);
        }

        return [.. names.Where(IsDue)];
    }

    public string PathOf(string name) => Path.Combine(path, name);

    /// <summary>Still there, and no other worker's by now.</summary>
    public bool Has(string name) => Directory.Exists(PathOf(name));

    /// <summary>A link is not followed, wherever it leads.</summary>
    public bool IsLink(string name) => new DirectoryInfo(PathOf(name)).LinkTarget is not null;

    public void MoveAccepted(string name) => Move(name, Accepted);

    /// <param name="error">The one line that says why.</param>
    public void MoveRefused(string name, string error)
    {
        var target = FreeName(Refused, name);
        // First the reason: whoever finds the folder finds why, too.
        File.WriteAllText(target + ErrorSuffix, error + "\n");
        Directory.Move(PathOf(name), target);
        FileCalls.FlushFolder(Path.GetDirectoryName(target)!);
    }

    static bool IsJob(FileSystemInfo entry) =>
        entry.Attributes.HasFlag(FileAttributes.Directory) && entry.Name is not (Accepted or Refused)
        && !entry.Name.StartsWith('.');

    bool IsDue(string name)
    {
        if (IsLink(name))
        {
            return true;
        }

        InboxLook look;
        try
        {
            look = InboxLook.Take(PathOf(name), limits);
        }
        catch (DirectoryNotFoundException)
        {
            return false; // another worker was quicker
        }

        if (_seen.TryGetValue(name, out var before) && before.Look.Print == look.Print)
        {
            return look.IsWhole || clock.GetElapsedTime(before.Since) > patience;
        }

        _seen[name] = (look, clock.GetTimestamp());
        return false;
    }

    void Move(string name, string folder)
    {
        var target = FreeName(folder, name);
        Directory.Move(PathOf(name), target);
        FileCalls.FlushFolder(Path.GetDirectoryName(target)!);
    }

    // The same name may come again, with another job.
    string FreeName(string folder, string name)
    {
        var target = Path.Combine(Directory.CreateDirectory(Path.Combine(path, folder)).FullName, name);
        for (var i = 2; Path.Exists(target) || Path.Exists(target + ErrorSuffix); i++)
        {
            target = Path.Combine(path, folder, $"{name}.{i}");
        }

        return target;
    }
}
