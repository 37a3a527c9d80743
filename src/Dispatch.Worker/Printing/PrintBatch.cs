using Dispatch.PrintExport.Batches;
using Dispatch.PrintExport.Handoff;
using Dispatch.PrintExport.Manifest;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Printing;

/// <summary>A batch as the database knows it.</summary>
/// <param name="Pdf">Null until the files were made once.</param>
/// <param name="Manifest">Null until the files were made once.</param>
/// <param name="HandoffTarget">The SFTP server its hand-off was begun to; null = by folder, or not begun.</param>
/// <param name="IsTicketReady">By SFTP: the ticket lies on the server whole, only its name may be missing.</param>
sealed record PrintBatch(
    int BatchId,
    string Name,
    int Attempt,
    string PrintHouse,
    string Envelope,
    string Postage,
    bool IsDuplex,
    bool IsColour,
    int Pieces,
    int Pages,
    int Sheets,
    BatchProgress Progress,
    DateTime CreatedAt,
    FileDigest? Pdf,
    FileDigest? Manifest,
    bool IsTicketReady,
    string? HandoffTarget)
{
    /// <summary>It goes by SFTP when it was begun so, or is not begun and its print house has a server.</summary>
    public bool IsBySftp(PrintingSettings settings) => Progress == BatchProgress.HandoffStarted
        ? HandoffTarget is not null
        : settings.House(PrintHouse).Sftp.Host.Length > 0;

    public BatchFiles Files => new(Name);

    /// <summary>
    /// The ticket that goes with files of these digests; it is made from the record alone, every time the same.
    /// </summary>
    public byte[] MakeTicket(PrintOrder order, FileDigest pdf, FileDigest manifest) => new Ticket(
        Name, PrintHouse, order.SenderCvr, order.Reference, Attempt, CreatedAt, Pieces, Pages, Sheets, Envelope,
        Postage, IsDuplex, IsColour, pdf, manifest).ToJson();

    /// <summary>What the three files must be; null until they were made once.</summary>
    public BatchDigests? Digests(PrintOrder order) => Pdf is { } pdf && Manifest is { } manifest
        ? new(pdf, manifest, FileDigest.Of(MakeTicket(order, pdf, manifest)))
        : null;
}
