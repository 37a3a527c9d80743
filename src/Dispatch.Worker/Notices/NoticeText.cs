using System.Globalization;

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

    // A name with a line break would end the subject it stands in; one with a domain would be a link on a phone.
    static string OneLine(string name) => string.Concat(name.Select(
        (c, at) => char.IsControl(c) || c is '\u2028' or '\u2029' || IsDotOfDomain(name, at) ? ' ' : c)).Trim();

    // Initials stay: no domain ends with one letter. The other dots are those that domain names take for one.
    static bool IsDotOfDomain(string name, int at)
    {
        return name[at] is '.' or '\u3002' or '\uFF0E' or '\uFF61' && IsWord(at - 1) && IsWord(at + 1)
            && (IsWord(at - 2) || IsWord(at + 2) || char.IsDigit(name[at - 1]));

        bool IsWord(int place) => place >= 0 && place < name.Length
            && (char.IsLetterOrDigit(name[place])
                || char.GetUnicodeCategory(name[place]) is UnicodeCategory.NonSpacingMark);
    }
}
