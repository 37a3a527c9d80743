using Dispatch.PrintExport.Manifest;
using Dispatch.Routing;

namespace Dispatch.PrintExport.Handoff;

/// <summary>
/// Moves batches from the staging folder to a print house's folder. It never overwrites, and every step
/// can be repeated after a stop at any point. On one file system a file moves by rename; on two it is
/// copied under a <c>.part</c> name first.
/// </summary>
public sealed class OutboxFolder
{
    public const string PartSuffix = ".part";

    readonly string _staging;
    readonly string _outbox;
    readonly uint _group;

    OutboxFolder(string staging, string outbox)
    {
        _staging = staging;
        _outbox = outbox;
        _group = PosixFiles.GroupOf(outbox);
    }

    /// <summary>Opens the folder of one print house.</summary>
    /// <param name="staging">Folder in which the batches lie composed.</param>
    /// <param name="outbox">The print house's folder; files get its group.</param>
    /// <exception cref="IOException">It is not there: nobody but who knows why makes it.</exception>
    public static OutboxFolder Open(string staging, string outbox) => new(staging, outbox);

    /// <summary>
    /// What lies where. A file in the staging folder is the one recorded, or damaged.
    /// </summary>
    /// <param name="isFresh">This run composed the batch: sizes are enough for the staging folder.</param>
    public HandoffFacts Look(BatchProgress progress, BatchFiles files, BatchDigests digests, bool isFresh)
    {
        var pdf = LookAt(Staged(files.Pdf), digests.Pdf, isFresh);
        var manifest = LookAt(Staged(files.Manifest), digests.Manifest, isFresh);
        var ticket = LookAt(Staged(files.Ticket), digests.Ticket, isFresh);
        var prepared = LookAt(Outbox(files.Ticket) + PartSuffix, digests.Ticket);
        return new(
            progress,
            pdf == OutboxFile.Same,
            manifest == OutboxFile.Same,
            ticket == OutboxFile.Same,
            prepared == OutboxFile.Same,
            IsDamaged: new[] { pdf, manifest, ticket, prepared }.Contains(OutboxFile.Other),
            LookAt(Outbox(files.Pdf), digests.Pdf),
            LookAt(Outbox(files.Manifest), digests.Manifest),
            LookAt(Outbox(files.Ticket), digests.Ticket));
    }

    /// <summary>Takes one of the steps that move files; gives what lies where after it.</summary>
    public HandoffFacts Take(HandoffStep step, BatchFiles files, in HandoffFacts facts)
    {
        switch (step)
        {
            case HandoffStep.PlacePdf:
                Place(files.Pdf, facts.Pdf);
                return facts with { IsPdfStaged = false, Pdf = OutboxFile.Same };
            case HandoffStep.PlaceManifest:
                Place(files.Manifest, facts.Manifest);
                return facts with { IsManifestStaged = false, Manifest = OutboxFile.Same };
            case HandoffStep.PlaceTicket:
                return PlaceTicket(files.Ticket, facts);
            case HandoffStep.PublishTicket:
                Rename(Outbox(files.Ticket) + PartSuffix, Outbox(files.Ticket));
                PosixFiles.SyncFolder(_outbox);
                return facts with { IsTicketPrepared = false, Ticket = OutboxFile.Same };
            default:
                throw new ArgumentOutOfRangeException(nameof(step), step, "not a step that moves files");
        }
    }

    /// <summary>Removes what interrupted attempts may have left of a batch beside its own files.</summary>
    public void RemoveLeftovers(BatchFiles files)
    {
        foreach (var name in files.All)
        {
            File.Delete(Staged(name));
            File.Delete(Staged(name) + PartSuffix);
            File.Delete(Outbox(name) + PartSuffix);
            File.Delete(Outbox(name) + PartSuffix + PartSuffix);
        }
    }

    /// <summary>The fault of finding a file in the outbox under a batch's name that is not the batch's.</summary>
    public DispatchException Conflict(BatchFiles files, in HandoffFacts facts)
    {
        var name = facts.Pdf == OutboxFile.Other ? files.Pdf
            : facts.Manifest == OutboxFile.Other ? files.Manifest
            : files.Ticket;
        return Conflict(Outbox(name));
    }

    void Place(string name, OutboxFile found)
    {
        if (found == OutboxFile.Absent)
        {
            SetGroup(Staged(name));
            if (!TryRename(Staged(name), Outbox(name)))
            {
                CopyToPart(name);
                Rename(Outbox(name) + PartSuffix, Outbox(name));
            }

            PosixFiles.SyncFolder(_outbox);
        }

        File.Delete(Staged(name));

        // Before the ticket may go out, it must be certain that nothing else comes back to the staging folder.
        PosixFiles.SyncFolder(_staging);
    }

    HandoffFacts PlaceTicket(string name, in HandoffFacts facts)
    {
        if (facts.Ticket == OutboxFile.Absent)
        {
            SetGroup(Staged(name));
            if (!TryRename(Staged(name), Outbox(name)))
            {
                // Two file systems have no common rename. The ticket lies ready in the outbox before it leaves the
                // staging folder, and gets its name after: at every moment one look tells whether it is out.
                CopyToPart(name);
                File.Delete(Staged(name));
                PosixFiles.SyncFolder(_staging);
                return facts with { IsTicketStaged = false, IsTicketPrepared = true };
            }

            PosixFiles.SyncFolder(_outbox);
        }

        File.Delete(Staged(name));
        PosixFiles.SyncFolder(_staging);
        return facts with { IsTicketStaged = false, IsTicketPrepared = false, Ticket = OutboxFile.Same };
    }

    void CopyToPart(string name)
    {
        using var copy = new StagedFileStream(Outbox(name) + PartSuffix);
        using (var from = File.OpenRead(Staged(name)))
        {
            from.CopyTo(copy);
        }

        BatchReadBack.CheckBytes(copy.DraftPath, copy.Finish());
        SetGroup(Outbox(name) + PartSuffix + PartSuffix);
        StagedFileStream.Publish(copy);
    }

    static OutboxFile LookAt(string path, FileDigest digest, bool isSizeEnough = false)
    {
        try
        {
            var file = new FileInfo(path);
            return !file.Exists ? OutboxFile.Absent
                : file.Length == digest.Bytes && (isSizeEnough || FileDigest.OfFile(path) == digest) ? OutboxFile.Same
                : OutboxFile.Other;
        }
        catch (FileNotFoundException)
        {
            return OutboxFile.Absent; // the print house took it while we looked
        }
    }

    void SetGroup(string path)
    {
        if (PosixFiles.GroupOf(path) != _group)
        {
            PosixFiles.SetGroup(path, _group);
        }
    }

    static void Rename(string from, string to)
    {
        if (!TryRename(from, to))
        {
            throw Errno.Exception(Errno.DifferentFileSystem, to);
        }
    }

    static bool TryRename(string from, string to)
    {
        try
        {
            return PosixFiles.TryRenameNoReplace(from, to);
        }
        catch (IOException exception) when (exception.HResult == Errno.Exists)
        {
            throw Conflict(to, exception);
        }
    }

    static DispatchException Conflict(string path, Exception? inner = null) => new(
        "handoff.conflict",
        $"'{path}' is there already with other content than this batch's; expected no file or the same one; "
        + "it was left alone: find out who wrote it, move it away, and run the command again",
        ExitCode.Failed,
        inner);

    string Staged(string name) => Path.Combine(_staging, name);

    string Outbox(string name) => Path.Combine(_outbox, name);
}
