namespace Dispatch.Worker.Intake;

/// <summary>What one look at the inboxes found.</summary>
sealed record InboxRound(IReadOnlyList<(Inbox Inbox, string Name)> Due, IReadOnlyList<InboxTrouble> Troubles);
