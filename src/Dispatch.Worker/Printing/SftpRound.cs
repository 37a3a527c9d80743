using Dispatch.PrintExport.Handoff;
using Dispatch.PrintExport.Manifest;
using Dispatch.PrintExport.Receipts;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Printing;

/// <summary>
/// Hands composed batches off to a print house's SFTP server, one after another, in the order of writes that
/// <see cref="SftpRule"/> argues from. A session that fails ends the run; the batch stays to be handed off.
/// </summary>
sealed class SftpRound(
    BatchTable table, PrintJob job, BatchComposer composer, string staging, SftpTarget target, HandoffJournal journal,
    int receiptDays, TimeProvider clock)
{
    readonly SftpClient _client = new(target, staging);

    /// <summary>
    /// Where batches go, as it is recorded with them: a batch never changes its way once it has begun.
    /// </summary>
    public static string NameOf(SftpTarget target) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{target.User}@{target.Host}:{target.Port}/{target.Folder}");

    /// <exception cref="DispatchException"><c>sftp.not_configured</c>, exit 78.</exception>
    public static SftpTarget TargetOf(SftpSettings settings) =>
        settings is { Host: "" } or { KeyFile: "" } or { KnownHostsFile: "" }
        ? throw new DispatchException(
            "sftp.not_configured", "a batch is to go by SFTP, expected Printing:Sftp:Host, :KeyFile and "
            + ":KnownHostsFile to be set; see docs/configuration.md",
            ExitCode.Configuration)
        : new(
            settings.Host, settings.Port, settings.User, settings.Folder, settings.KeyFile, settings.KnownHostsFile,
            settings.ConnectTimeout, settings.TransferTimeout);

    /// <exception cref="DispatchException">A code of <see cref="SftpFault"/>; <c>handoff.conflict</c> (1);
    /// <c>sftp.target_changed</c> (78).</exception>
    public async Task RunAsync(PrintBatch batch, Stage stage, CancellationToken cancel)
    {
        if (batch.HandoffTarget is { } begun && begun != NameOf(target))
        {
            throw new DispatchException(
                "sftp.target_changed",
                $"the hand-off of batch '{batch.Name}' was begun to another SFTP server, user "
                + "or folder than the settings of its print house name now, expected the same until it is done; "
                + "set it back and run the command again",
                ExitCode.Configuration);
        }

        var files = batch.Files;
        var part = files.Ticket + OutboxFolder.PartSuffix;
        var there = await _client.FindAsync([.. files.All, part], cancel);
        var facts = new SftpFacts(batch.IsTicketReady, there.Contains(files.Ticket), there.Contains(part));
        var digests = batch.Digests(job.Order) ?? throw new InvalidOperationException($"'{batch.Name}' was never "
            + "composed");
        for (var step = SftpRule.Next(facts); step != SftpStep.Record; step = SftpRule.Next(facts))
        {
            switch (step)
            {
                case SftpStep.Send:
                    await SendAsync(batch, digests, there, cancel);
                    facts = facts with { IsTicketReady = true, HasTicketPart = true };
                    break;
                case SftpStep.PublishTicket:
                    await _client.PublishAsync(files.Ticket, cancel);
                    facts = facts with { HasTicketPart = false };
                    break;
                case SftpStep.CompareTicket when await _client.ReadBackAsync(files.Ticket, cancel) == digests.Ticket:
                    facts = facts with { HasTicket = false };
                    break;
                default:
                    throw Conflict(files.Ticket);
            }
        }

        journal.NoteOut([batch]);
        var now = clock.GetUtcNow();
        await table.RecordHandedOffAsync(
            [batch.BatchId], now, WorkingDays.Add(DanishTime.DateOf(now), receiptDays), cancel);
        foreach (var name in files.All)
        {
            File.Delete(Path.Combine(staging, name));
        }

        stage.Add(batch.Pieces);
    }

    async Task SendAsync(PrintBatch batch, BatchDigests digests, HashSet<string> there, CancellationToken cancel)
    {
        var files = batch.Files;
        if (!IsStaged(files.Pdf, digests.Pdf) || !IsStaged(files.Manifest, digests.Manifest)
            || !IsStaged(files.Ticket, digests.Ticket))
        {
            await composer.ComposeAsync(batch, cancel);
        }

        await table.RecordStartedAsync([batch.BatchId], clock.GetUtcNow(), NameOf(target), cancel);
        journal.NoteBegun([batch]);
        var missing = new List<string>();
        foreach (var (name, digest) in new[] { (files.Pdf, digests.Pdf), (files.Manifest, digests.Manifest) })
        {
            if (!there.Contains(name))
            {
                missing.Add(name);
            }
            else if (await _client.ReadBackAsync(name, cancel) != digest)
            {
                throw Conflict(name);
            }
        }

        await _client.SendAsync(missing, files.Ticket, cancel);
        await table.RecordTicketReadyAsync(batch.BatchId, clock.GetUtcNow(), cancel);
    }

    bool IsStaged(string name, FileDigest digest)
    {
        var file = new FileInfo(Path.Combine(staging, name));
        return file.Exists && file.Length == digest.Bytes && FileDigest.OfFile(file.FullName) == digest;
    }

    DispatchException Conflict(string name) => new(
        "handoff.conflict",
        $"'{name}' is on the server '{NameOf(target)}' already with other content than this batch's; expected no file "
        + "or the same one; it was left alone: find out who wrote it, let it be moved away, and run the command again",
        ExitCode.Failed);
}
