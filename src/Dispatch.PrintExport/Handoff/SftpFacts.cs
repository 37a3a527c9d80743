namespace Dispatch.PrintExport.Handoff;

/// <summary>All that decides what a batch needs next.</summary>
/// <param name="IsTicketReady">Recorded: the ticket is whole on the server, under its <c>.part</c> name or its
/// own.</param>
public readonly record struct SftpFacts(bool IsTicketReady, bool HasTicket, bool HasTicketPart);
