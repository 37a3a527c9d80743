using System.Globalization;
using System.Text;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Dispatch.Worker.Intake;

/// <summary>
/// The folder job folders are dropped into. One is due when it is whole and did not change for long enough, or when it
/// has lacked a file for too long; it leaves for <c>accepted</c>, without its list, or <c>refused</c>.
/// </summary>
/// <param name="sender">Whose inbox it is, by CVR number; null = of all, with those of senders in it.</param>
sealed class Inbox(string path, string? sender, IntakeLimits limits, InboxPatience patience, TimeProvider clock)
{
    const string Accepted = "accepted";
    const string Refused = "refused";
    const string ErrorSuffix = ".error.txt";
    const int NameBytesMax = 255;

    /// <summary>Folders looked at in one round; the others have their turn when these are gone.</summary>
    const int FoldersMax = 1_000;

    // A sender's own: the group finds what became of its folders, and cannot change it.
    const UnixFileMode OwnFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    const UnixFileMode SharedFolder =
        OwnFolder | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.SetGroup;
    const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>What a name becomes whose bytes are no UTF-8; nothing can be opened by it.</summary>
    const char NoCharacter = '\uFFFD';

    readonly Dictionary<string, InboxEntry> _seen = new(StringComparer.Ordinal);

    /// <summary>Accepted folders that still have their list; null = any may, of a worker that ended in between.</summary>
    HashSet<string>? _withList;

    public string? Sender => sender;

    /// <summary>For messages.</summary>
    public string Place => sender is null ? "inbox" : $"inbox {sender}";

    /// <summary>Of the files and folders somebody else made; not of our own doing.</summary>
    public static bool IsOfFiles(Exception fault) =>
        fault is IOException or UnauthorizedAccessException or DispatchException;

    /// <summary>Looks once; gives the names of the folders that are due.</summary>
    /// <param name="troubles">Where what cannot be looked at, or is no job, is added.</param>
    public IReadOnlyList<string> FindDue(List<InboxTrouble> troubles)
    {
        List<(string Name, bool IsJob)> entries;
        try
        {
            entries = [.. new DirectoryInfo(path).EnumerateFileSystemInfos().Where(IsForJobs)
                .Select(entry => (entry.Name, IsJob(entry)))];
        }
        catch (Exception fault) when (IsOfFiles(fault))
        {
            troubles.Add(new(Place, fault));
            return [];
        }

        if (entries.Count(entry => !entry.IsJob) is > 0 and var strange)
        {
            troubles.Add(new(Place, null, strange));
        }

        var names = entries.Where(entry => entry.IsJob).Select(entry => entry.Name)
            .Order(StringComparer.Ordinal).Take(FoldersMax).ToList();
        foreach (var gone in _seen.Keys.Except(names).ToList())
        {
            _seen.Remove(gone);
        }

        return [.. names.Where(name => IsDue(name, troubles))];
    }

    /// <summary>For messages: a folder's name may be anybody's. Whoever may look into the inbox finds it by its
    /// number (<c>ls -i</c>).</summary>
    public string PlaceOf(string name) => string.Create(
        CultureInfo.InvariantCulture, $"{Place}, folder {EntryFacts.Find(PathOf(name))?.Number}");

    public string PathOf(string name) => Path.Combine(path, name);

    /// <summary>Whether what was refused may still be at being written: it waits then.</summary>
    public bool TryPostpone(string name, string code) =>
        _seen.TryGetValue(name, out var entry) && entry.TryPostpone(code);

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
        if (accepted is null)
        {
            return true; // not made yet, or the inbox is away: looked at again
        }

        try
        {
            _withList ??=
                [.. Directory.EnumerateDirectories(FileCalls.PathOf(accepted)).Select(folder => Path.GetFileName(folder))];
        }
        catch (Exception fault) when (IsOfFiles(fault))
        {
            return false;
        }

        _withList.RemoveWhere(name => AcceptedList.TryRemove(accepted, name, limits));
        return _withList.Count == 0;
    }

    /// <param name="error">The one line that says why.</param>
    public void MoveRefused(string name, string error) => Move(name, Refused, error);

    static bool IsLinkAt(string path) => new DirectoryInfo(path).LinkTarget is not null;

    bool IsForJobs(FileSystemInfo entry) => entry.Name is not (Accepted or Refused)
        && !entry.Name.StartsWith('.') && !(sender is null && Inboxes.IsOfSender(entry));

    static bool IsJob(FileSystemInfo entry) => entry.Attributes.HasFlag(FileAttributes.Directory)
        && !(entry.Name.Contains(NoCharacter) && EntryFacts.Find(entry.FullName) is null);

    bool IsDue(string name, List<InboxTrouble> troubles)
    {
        try
        {
            return IsLink(name) || IsDue(name, InboxLook.Take(PathOf(name)));
        }
        catch (DirectoryNotFoundException)
        {
            return false; // another worker was quicker
        }
        catch (Exception fault) when (IsOfFiles(fault))
        {
            troubles.Add(new(PlaceOf(name), fault));
            return false;
        }
    }

    bool IsDue(string name, InboxLook look)
    {
        if (_seen.TryGetValue(name, out var before) && before.Print == look.Print)
        {
            return before.IsDue(() => InboxOrder.Read(PathOf(name), limits));
        }

        _seen[name] = new(look, patience, clock);
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
        var free = NameOf(name, 1);
        for (var i = 2; FolderCalls.Has(target, free) || FolderCalls.Has(target, free + ErrorSuffix); i++)
        {
            free = NameOf(name, i);
        }

        if (error is null)
        {
            FolderCalls.Move(inbox, name, target, free);
            return free;
        }

        // First the reason: whoever finds the folder finds why, too.
        var mode = sender is null ? OwnFile : OwnFile | UnixFileMode.GroupRead;
        FolderCalls.Write(target, free + ErrorSuffix, error + "\n", mode);
        var isMoved = false;
        try
        {
            FolderCalls.Move(inbox, name, target, free);
            isMoved = true;
        }
        finally
        {
            if (!isMoved)
            {
                FolderCalls.TryRemove(target, free + ErrorSuffix); // or every try would leave one more
            }
        }

        return free;
    }

    // Of a long name there is as much as leaves room for what stands behind it.
    static string NameOf(string name, int turn)
    {
        var behind = turn == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $".{turn}");
        var room = NameBytesMax - ErrorSuffix.Length - behind.Length;
        while (Encoding.UTF8.GetByteCount(name) > room)
        {
            name = name[..^(char.IsLowSurrogate(name[^1]) ? 2 : 1)];
        }

        return name + behind;
    }
}
