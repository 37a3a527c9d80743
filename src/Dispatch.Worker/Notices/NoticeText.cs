namespace Dispatch.Worker.Notices;

/// <summary>What notices say: that there is new post and from whom, and where to change the settings. Never what the
/// post is, nor anybody's name or number; and no link, which is how impostors write.</summary>
static class NoticeText
{
    /// <param name="sender">The sender's name.</param>
    /// <param name="isOwner">It is in their own mailbox; else in one they may read.</param>
    /// <param name="settingsAt">Where the settings are changed.</param>
    public static (string Subject, string Text) Of(
        NoticeChannel channel, string language, string sender, bool isOwner, string settingsAt)
    {
        var name = OneLine(sender);
        var (news, settings) = language == "en"
            ? (isOwner
                ? $"You have new digital post from {name}."
                : $"There is new digital post from {name} in a mailbox you have read access to.",
                $"You change whether and how you are told on {settingsAt}.")
            : (isOwner
                ? $"Du har fået ny digital post fra {name}."
                : $"Der er ny digital post fra {name} i en postkasse, du har læseadgang til.",
                $"Om og hvordan du får besked, ændrer du på {settingsAt}.");
        var subject = language == "en" ? $"New digital post from {name}" : $"Ny digital post fra {name}";
        return (subject, channel == NoticeChannel.Email ? $"{news}\n\n{settings}\n" : $"{news} {settings}");
    }

    // A name with a line break would end the subject it stands in.
    static string OneLine(string name) =>
        string.Concat(name.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)).Trim();
}
