namespace Dispatch.Worker.Notices;

/// <summary>What a channel sends to, in the one form it has everywhere.</summary>
static class Contact
{
    public static string? TryParse(NoticeChannel channel, string? text) =>
        channel == NoticeChannel.Email ? EmailAddress.TryParse(text) : PhoneNumber.TryParse(text);

    /// <summary>As the suppression list has it: however an address is written, it is the same.</summary>
    public static string Folded(string contact) => contact.ToLowerInvariant();
}
