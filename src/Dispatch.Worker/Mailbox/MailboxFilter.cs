namespace Dispatch.Worker.Mailbox;

/// <summary>Which letters of a mailbox are asked for; null asks for all.</summary>
/// <param name="TitlePart">Stands somewhere in the title, in whatever case.</param>
readonly record struct MailboxFilter(string? SenderCvr = null, string? TitlePart = null);
