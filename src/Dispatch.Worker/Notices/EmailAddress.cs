using System.Net.Mail;

namespace Dispatch.Worker.Notices;

/// <summary>E-mail addresses as the register has them.</summary>
static class EmailAddress
{
    const int CharsMax = 254;   // RFC 5321, 4.5.3.1.3, less the brackets

    /// <returns>The address and nothing around it; null for what is none, or more than one.</returns>
    public static string? TryParse(string? text)
    {
        var trimmed = text?.Trim(' ') ?? "";
        return trimmed.Length is > 0 and <= CharsMax
            && !trimmed.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>' or ',' or ';' or '"')
            && MailAddress.TryCreate(trimmed, out var address) && address.Address == trimmed
                ? trimmed
                : null;
    }
}
