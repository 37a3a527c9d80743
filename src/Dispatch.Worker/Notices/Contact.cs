using System.Globalization;
using System.Text;

namespace Dispatch.Worker.Notices;

/// <summary>What a channel sends to, in the one form it has everywhere.</summary>
static class Contact
{
    static readonly IdnMapping Domains = new();

    public static string? TryParse(NoticeChannel channel, string? text) =>
        channel == NoticeChannel.Email ? EmailAddress.TryParse(text) : PhoneNumber.TryParse(text);

    /// <summary>As the suppression list has it: however an address is written, it is the same. A domain is what the
    /// name servers know it as, letters are one character each, and case is none.</summary>
    public static string Folded(string contact)
    {
        var plain = contact.Normalize(NormalizationForm.FormC).ToLowerInvariant();
        var at = plain.LastIndexOf('@');
        if (at < 0)
        {
            return plain;
        }

        var domain = plain[(at + 1)..].TrimEnd('.');
        try
        {
            return $"{plain[..at]}@{Domains.GetAscii(domain)}";
        }
        catch (ArgumentException)
        {
            return $"{plain[..at]}@{domain}";
        }
    }
}
