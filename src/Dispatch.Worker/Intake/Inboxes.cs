using System.Text;
using Dispatch.Routing.Identity;
using Dispatch.Routing.Rules;

namespace Dispatch.Worker.Intake;

/// <summary>The inbox, and the inboxes of senders in it: folders whose name is a CVR number.</summary>
sealed class Inboxes(string path, IntakeLimits limits, InboxPatience patience, TimeProvider clock)
{
    readonly Inbox _common = new(path, null, limits, patience, clock);
    readonly Dictionary<string, Inbox> _own = new(StringComparer.Ordinal);

    /// <summary>As they were at the last look.</summary>
    public IEnumerable<Inbox> All => _own.Values.Prepend(_common);

    /// <summary>A sender's inbox, not a job that is named like one.</summary>
    public static bool IsOfSender(FileSystemInfo entry)
    {
        var name = Encoding.UTF8.GetBytes(entry.Name);
        return CvrNumber.HasForm(name) && CvrNumber.Parse(name, out _) == Reason.None && entry.LinkTarget is null
            && entry.Attributes.HasFlag(FileAttributes.Directory);
    }

    /// <summary>Looks once. One of each inbox, then the next of each: who drops many folders does not keep the others
    /// waiting.</summary>
    public InboxRound Look()
    {
        var troubles = new List<InboxTrouble>();
        FindOwn(troubles);
        var due = All
            .SelectMany(inbox => inbox.FindDue(troubles).Select((name, turn) => (inbox, name, turn)))
            .OrderBy(due => due.turn).Select(due => (due.inbox, due.name)).ToList();
        return new(due, troubles);
    }

    void FindOwn(List<InboxTrouble> troubles)
    {
        List<string> own;
        try
        {
            own = [.. new DirectoryInfo(path).EnumerateDirectories().Where(IsOfSender).Select(folder => folder.Name)];
        }
        catch (Exception fault) when (Inbox.IsOfFiles(fault))
        {
            troubles.Add(new(_common.Place, fault));
            return; // those of senders may be there all the same
        }

        foreach (var gone in _own.Keys.Except(own).ToList())
        {
            _own.Remove(gone);
        }

        foreach (var cvr in own)
        {
            _own.TryAdd(cvr, new(Path.Combine(path, cvr), cvr, limits, patience, clock));
        }
    }
}
