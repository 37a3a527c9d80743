namespace Dispatch.Worker.Mailbox;

/// <summary>Which letters of a mailbox are asked for; null asks for all.</summary>
/// <param name="TitlePart">Stands somewhere in the title, in whatever case.</param>
/// <param name="Words">Stand in title or sender's name, in whatever form of the words (Danish).</param>
readonly record struct MailboxFilter(string? SenderCvr = null, string? TitlePart = null, string? Words = null);
