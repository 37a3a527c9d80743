namespace Dispatch.PrintExport.Handoff;

/// <summary>All that decides what a batch needs next.</summary>
/// <param name="IsPdfStaged">The staging folder holds the whole PDF, as recorded.</param>
/// <param name="IsTicketPrepared">
/// The outbox holds the ticket under its <c>.part</c> name. Only when staging folder and outbox lie on different file
/// systems, and only then can it be the one ticket there is.
/// </param>
/// <param name="IsDamaged">
/// A file lies in the staging folder, or the ticket under its <c>.part</c> name in the outbox, and is not the one
/// recorded: what is in it was lost or changed. That it lies there still tells that it was not handed off.
/// </param>
public readonly record struct HandoffFacts(
    BatchProgress Progress,
    bool IsPdfStaged,
    bool IsManifestStaged,
    bool IsTicketStaged,
    bool IsTicketPrepared,
    bool IsDamaged,
    OutboxFile Pdf,
    OutboxFile Manifest,
    OutboxFile Ticket);
