using Dispatch.Routing;

namespace Dispatch.Worker.Diagnostics;

/// <summary>
/// Everything the engine writes. DATA itself can be walked through but not listed by others (0711), so that a print
/// house reaches its outbox and the server's user its cluster; all else is the engine's own (0700, files 0600).
/// </summary>
sealed class DataFolder
{
    const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    const UnixFileMode Passable = Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    const UnixFileMode GroupFolder =
        Private | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.SetGroup;
    const UnixFileMode SharedInbox =
        GroupFolder | UnixFileMode.GroupWrite | UnixFileMode.StickyBit; // nobody moves what is another's there
    const UnixFileMode GroupFile = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    const string ShellMarks = "\"$`\\";

    readonly uint _outboxGroup;

    DataFolder(string path, uint outboxGroup)
    {
        Root = path;
        _outboxGroup = outboxGroup;
    }

    public string Root { get; }

    /// <summary>Accepted lists, sealed; print files being made.</summary>
    public string Spool => Path.Combine(Root, "spool");

    /// <summary>One folder per print house.</summary>
    public string Outbox => Path.Combine(Root, "outbox");

    /// <summary>One folder per job.</summary>
    public string Reports => Path.Combine(Root, "reports");

    public string Keys => Path.Combine(Root, "keys");

    /// <summary>The embedded cluster, or a file saying where it is.</summary>
    public string Postgres => PostgresOf(Root);

    /// <summary>Job folders that <c>dispatch worker</c> picks up.</summary>
    public string Inbox => Path.Combine(Root, "inbox");

    public string Logs => Path.Combine(Root, "logs");

    /// <summary>Receipt files of print houses as they came.</summary>
    public string Receipts => Path.Combine(Root, "receipts");

    public string AppliedReceipts => Path.Combine(Receipts, "applied");

    public string ReceiptQuarantine => Path.Combine(Receipts, "quarantine");

    public static string PostgresOf(string root) => Path.Combine(root, "postgres");

    /// <summary>
    /// Makes what is missing, but for the outbox of a data folder that is not new: where it is gone, a share may not be
    /// mounted. The cluster's folder is left to the embedded server.
    /// </summary>
    /// <exception cref="DispatchException"><c>settings.outbox_group</c>, <c>settings.data_folder</c>,
    /// <c>access.denied</c>; exit 78.</exception>
    public static DataFolder Open(DispatchSettings settings)
    {
        var folder = new DataFolder(settings.DataFolder, FindGroup(settings.Printing.OutboxGroup));
        DemandPlainPath(settings);
        var isNew = !Directory.Exists(folder.Spool);
        folder.CreateRoot();

        // Before the spool: cut short in between, the folder is still a new one.
        foreach (var path in new[] { folder.Outbox, folder.PrintHouse(settings.Printing.PrintHouse) })
        {
            if (isNew || Directory.Exists(path))
            {
                folder.CreateOutbox(path);
            }
        }

        foreach (var path in new[]
        {
            folder.Spool, folder.Reports, folder.Keys, folder.Inbox, folder.Logs, folder.Receipts,
                folder.AppliedReceipts,
            folder.ReceiptQuarantine,
        })
        {
            Create(path, Private);
        }

        return folder;
    }

    /// <summary>The folder of a print house; made by <see cref="CreateOutbox"/>.</summary>
    public string PrintHouse(string name) => Path.Combine(Outbox, StoredName.Check(name));

    /// <summary>Makes a sender's own inbox, where there is none, and lets a group put jobs into it (3770).</summary>
    /// <param name="group">Empty = as it is, or that of the user running dispatch.</param>
    /// <exception cref="DispatchException"><c>sender.group</c>, exit 78.</exception>
    public string CreateSenderInbox(string cvr, string group)
    {
        var path = Path.Combine(Inbox, cvr);
        Create(path, SharedInbox);
        var id = group.Length == 0 ? Libc.Unchanged : Libc.FindGroup(group) ?? Libc.Unchanged;
        if (group.Length > 0 && (id == Libc.Unchanged || Libc.Chown(path, Libc.Unchanged, id) != 0))
        {
            throw new DispatchException(
                "sender.group",
                $"the group of '{path}' could not be set; expected the name of a group that the user running dispatch is "
                + "a member of; make it with groupadd, and repeat this",
                ExitCode.Configuration);
        }

        return path;
    }

    /// <summary>The folder of a job's report.</summary>
    public string Report(int jobId) =>
        Path.Combine(Reports, jobId.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>
    /// Makes a folder whose files the outbox group may read (2750). One that is there keeps its mode, and somebody
    /// else's its group: what was closed on purpose stays closed.
    /// </summary>
    public void CreateOutbox(string path)
    {
        Create(path, GroupFolder);
        if (_outboxGroup != Libc.Unchanged && Libc.OwnerOf(path) is { } owner
            && owner.User == Libc.EffectiveUserId() && owner.Group != _outboxGroup)
        {
            var mode = File.GetUnixFileMode(path);
            SetGroup(path);
            File.SetUnixFileMode(path, mode); // a change of group drops the set-group bit
        }
    }

    /// <summary>Lets the outbox group read a finished file (0640); call it before the file gets its final
    /// name.</summary>
    public void ShareFile(string path)
    {
        SetGroup(path);
        File.SetUnixFileMode(path, GroupFile);
    }

    static uint FindGroup(string name)
    {
        if (name.Length == 0)
        {
            return Libc.Unchanged;
        }

        return Libc.FindGroup(name) ?? throw new DispatchException(
            "settings.outbox_group", $"Printing:OutboxGroup names the group '{name}', which this machine does not have;"
            + " make it with groupadd or name another", ExitCode.Configuration);
    }

    // pg_ctl starts the server by a shell, its folder in double quotes: these would be read, and run, as shell text.
    static void DemandPlainPath(DispatchSettings settings)
    {
        if (settings.Database.ConnectionString.Length == 0
            && settings.DataFolder.Any(c => char.IsControl(c) || ShellMarks.Contains(c)))
        {
            throw RootFault(
                settings.DataFolder, $"has a control character or one of {ShellMarks} in it; expected none where the "
                + "embedded database lives");
        }
    }

    static DispatchException RootFault(string root, string fault) => new(
        "settings.data_folder", $"the data folder '{root}' {fault}; name another with --data or DISPATCH_DATA",
        ExitCode.Configuration);

    static void Create(string path, UnixFileMode mode)
    {
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path);
            File.SetUnixFileMode(path, mode);
        }
    }

    // A folder somebody else filled (a mistyped --data /tmp) keeps the mode it has.
    void CreateRoot()
    {
        var isOurs = !Directory.Exists(Root) || Directory.Exists(Spool)
            || Directory.EnumerateFileSystemEntries(Root).All(e => Path.GetFileName(e) == "dispatch.json");
        CreatePassable(Root);
        if (isOurs && File.GetUnixFileMode(Root) != Passable)
        {
            File.SetUnixFileMode(Root, Passable);
        }
    }

    // A folder above that we make ourselves must not be the one that keeps the others out.
    static void CreatePassable(string path)
    {
        if (File.Exists(path))
        {
            throw RootFault(path, "is a file; expected a folder");
        }

        if (!Directory.Exists(path))
        {
            CreatePassable(Path.GetDirectoryName(path)!);
            try
            {
                Directory.CreateDirectory(path);
            }
            catch (IOException fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
            {
                throw RootFault(path, "cannot be made there; expected a file system that takes folders");
            }

            File.SetUnixFileMode(path, Passable);
        }
    }

    void SetGroup(string path)
    {
        if (_outboxGroup != Libc.Unchanged && Libc.Chown(path, Libc.Unchanged, _outboxGroup) != 0)
        {
            throw new DispatchException(
                "access.denied", $"the group of '{path}' could not be set to Printing:OutboxGroup;"
                + " let the user running dispatch be a member of that group", ExitCode.Configuration);
        }
    }
}
