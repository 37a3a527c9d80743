using System.Net.Mail;
using System.Text;
using MimeKit;

namespace Dispatch.Worker.Notices;

/// <summary>E-mail addresses as the register has them.</summary>
static class EmailAddress
{
    const int CharsMax = 254;   // RFC 5321, 4.5.3.1.3, less the brackets

    /// <returns>The address and nothing around it; null for what is none, or more than one.</returns>
    public static string? TryParse(string? text)
    {
        var trimmed = (text ?? "").Trim(' ').Normalize(NormalizationForm.FormC);
        return trimmed.Length is > 0 and <= CharsMax
            && !trimmed.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>' or ',' or ';' or '"')
            && MailAddress.TryCreate(trimmed, out var address) && address.Address == trimmed && CanBeWrittenTo(trimmed)
                ? trimmed
                : null;
    }

    // The two libraries disagree on a few forms, such as a dot before the @; one of these must not stop all mail. That
    // the second one writes a domain with its own letters makes it no other address.
    static bool CanBeWrittenTo(string address)
    {
        try
        {
            return Contact.Folded(new MailboxAddress(name: null, address).Address) == Contact.Folded(address);
        }
        catch (ParseException)
        {
            return false;
        }
    }
}
