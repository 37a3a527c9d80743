namespace Dispatch.Worker.Mailbox;

/// <summary>What a mailbox shows of a letter before it is opened.</summary>
/// <param name="AvailableAt">UTC.</param>
sealed record MailboxEntry(
    DateTime AvailableAt, string SenderCvr, string SenderName, string Title, int JobId, int RowNo);
