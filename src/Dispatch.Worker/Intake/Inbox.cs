using System.Globalization;
using Dispatch.Worker.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Dispatch.Worker.Intake;

/// <summary>
/// The folder job folders are dropped into. One is due when it is whole and did not change between two looks, or when
/// it has lacked a file for too long; it leaves for <c>accepted</c>, without its list, or <c>refused</c>.
/// </summary>
/// <param name="sender">Whose inbox it is, by CVR number; null = of all, with those of senders in it.</param>
/// <param name="patience">How long an unchanged folder may lack a file it names.</param>
sealed class Inbox(string path, string? sender, IntakeLimits limits, TimeSpan patience, TimeProvider clock)
{
    const string Accepted = "accepted";
    const string Refused = "refused";
    const string ErrorSuffix = ".error.txt";

    /// <summary>Folders looked at in one round; the others have their turn when these are gone.</summary>
    const int FoldersMax = 1_000;

    // A sender's own: the group finds what became of its folders, and cannot change it.
    const UnixFileMode OwnFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    const UnixFileMode SharedFolder =
        OwnFolder | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.SetGroup;
    const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    readonly Dictionary<string, (InboxLook Look, long Since)> _seen = new(StringComparer.Ordinal);

    /// <summary>Accepted folders that still have their list; null = any may, of a worker that ended in between.</summary>
    HashSet<string>? _withList;

    public string? Sender => sender;

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

    /// <summary>Login of who put it there: the owner of its job.json. Null when that is nobody else than we.</summary>
    public string? FindSubmitter(string name)
    {
        // Of a link it is who laid it, not whose file it leads to: nobody submits in another one's name.
        using var folder = FileCalls.OpenFolder(PathOf(name), followsLink: false);
        return folder is not null && FolderCalls.OwnerOf(folder, "job.json") is { } user
            && user != Libc.EffectiveUserId()
                ? Libc.LoginOf(user) ?? string.Create(CultureInfo.InvariantCulture, $"uid-{user}")
                : null;
    }

    /// <summary>Still there, and no other worker's by now.</summary>
    public bool Has(string name) => Directory.Exists(PathOf(name));

    /// <summary>A link is not followed, wherever it leads.</summary>
    public bool IsLink(string name) => IsLinkAt(PathOf(name));

    /// <summary>It can be taken out of the inbox afterwards; who may not write to it cannot move it.</summary>
    public bool CanMove(string name) => IsLink(name) || Libc.MayWrite(PathOf(name));

    public void MoveAccepted(string name)
    {
        var moved = Move(name, Accepted, error: null);
        _withList?.Add(moved);
    }

    /// <summary>Removes the lists that accepted folders still have.</summary>
    /// <returns>False when one could not be removed; it is tried again the next time.</returns>
    public bool RemoveAcceptedLists()
    {
        if (_withList is { Count: 0 })
        {
            return true;
        }

        using var accepted = OpenAccepted();
        _withList ??= accepted is null
            ? []
            : [.. Directory.EnumerateDirectories(FileCalls.PathOf(accepted)).Select(folder => Path.GetFileName(folder))];
        _withList.RemoveWhere(name => accepted is null || AcceptedList.TryRemove(accepted, name, limits));
        return _withList.Count == 0;
    }

    /// <param name="error">The one line that says why.</param>
    public void MoveRefused(string name, string error) => Move(name, Refused, error);

    static bool IsLinkAt(string path) => new DirectoryInfo(path).LinkTarget is not null;

    bool IsJob(FileSystemInfo entry) =>
        entry.Attributes.HasFlag(FileAttributes.Directory) && entry.Name is not (Accepted or Refused)
        && !entry.Name.StartsWith('.') && !(sender is null && Inboxes.IsOfSender(entry));

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

    SafeFileHandle? OpenAccepted()
    {
        using var inbox = FileCalls.OpenFolder(path, followsLink: false);
        return inbox is null ? null : FileCalls.OpenFolder(inbox, Accepted);
    }

    /// <returns>Its name there.</returns>
    string Move(string name, string to, string? error)
    {
        using var inbox = FileCalls.OpenFolder(path, followsLink: false) ?? throw new IOException("the inbox is gone");
        using var target = FolderCalls.OpenOrMake(inbox, to, sender is null ? OwnFolder : SharedFolder);

        // The same name may come again, with another job.
        var free = name;
        for (var i = 2; FolderCalls.Has(target, free) || FolderCalls.Has(target, free + ErrorSuffix); i++)
        {
            free = string.Create(CultureInfo.InvariantCulture, $"{name}.{i}");
        }

        if (error is not null)
        {
            // First the reason: whoever finds the folder finds why, too.
            var mode = sender is null ? OwnFile : OwnFile | UnixFileMode.GroupRead;
            FolderCalls.Write(target, free + ErrorSuffix, error + "\n", mode);
        }

        FolderCalls.Move(inbox, name, target, free);
        return free;
    }
}
