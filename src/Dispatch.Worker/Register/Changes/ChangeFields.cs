using System.Buffers;
using System.Globalization;
using System.Net.Mail;
using System.Text.Json;

namespace Dispatch.Worker.Register.Changes;

/// <summary>Writes fields of one form as JSON, or throws <c>register.value</c>. Empty fields are left out.</summary>
static class ChangeFields
{
    const int E164DigitsMin = 8;
    const int E164DigitsMax = 15;
    const int DanishDigits = 8;
    const string Denmark = "+45";

    static readonly SearchValues<byte> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 32).Append(127).Select(code => (byte)code)]);

    public static void WriteText(this Utf8JsonWriter json, RegisterFile file, int column, string name)
    {
        var text = file[column];
        if (HasControl(text))
        {
            throw file.ValueFault(column, "text without control characters");
        }

        if (!text.IsEmpty)
        {
            json.WriteString(name, text);
        }
    }

    /// <summary>0 is nothing.</summary>
    public static void WriteOptionalNumber(this Utf8JsonWriter json, string name, uint number)
    {
        if (number != 0)
        {
            json.WriteNumber(name, number);
        }
    }

    public static void WriteDate(this Utf8JsonWriter json, string name, DateOnly? date)
    {
        if (date is { } day)
        {
            json.WriteString(name, day.ToString("O", CultureInfo.InvariantCulture));
        }
    }

    public static void WriteEmail(this Utf8JsonWriter json, RegisterFile file, int column)
    {
        var text = file.ReadText(column);
        if (text.Length > 0 && !IsEmail(text))
        {
            throw file.ValueFault(column, "one e-mail address, without a name, or nothing");
        }

        json.WriteText(file, column, "email");
    }

    /// <returns>What was written; null = nothing.</returns>
    public static string? WritePhone(this Utf8JsonWriter json, RegisterFile file, int column)
    {
        var text = file.ReadText(column);
        if (text.Length == 0)
        {
            return null;
        }

        var phone = E164(text) ?? throw file.ValueFault(
            column, "eight digits (Danish, +45 before them or not), or + and eight to fifteen digits, or nothing");
        json.WriteString("phone", phone);
        return phone;
    }

    /// <summary>The number as <c>+4512345678</c> (ITU-T E.164); null when it is none.</summary>
    public static string? E164(string text)
    {
        var number = text.Replace(" ", "", StringComparison.Ordinal);
        var isForeign = number.StartsWith('+');
        var digits = isForeign ? number[1..] : number;
        if (digits.Any(digit => digit is < '0' or > '9'))
        {
            return null;
        }

        if (!isForeign)
        {
            return digits.Length == DanishDigits ? Denmark + digits : null;
        }

        // A Danish number of another length is nobody's, and no notice could ever be sent to it.
        var isOneOfDenmark = number.StartsWith(Denmark, StringComparison.Ordinal);
        return digits.Length is >= E164DigitsMin and <= E164DigitsMax && digits[0] != '0'
            && (!isOneOfDenmark || number.Length == Denmark.Length + DanishDigits) ? number : null;
    }

    // What MailAddress takes besides an address (a name before it, a comment in it) it does not give back as it was.
    static bool IsEmail(string text) =>
        MailAddress.TryCreate(text, out var address) && address.Address == text
        && !text.Contains(' ', StringComparison.Ordinal);

    // U+0080 to U+009F are C2 80 to C2 9F.
    static bool HasControl(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IndexOfAny(Controls) >= 0)
        {
            return true;
        }

        for (var at = utf8.IndexOf((byte)0xC2); at >= 0 && at + 1 < utf8.Length;)
        {
            if (utf8[at + 1] <= 0x9F)
            {
                return true;
            }

            var next = utf8[(at + 1)..].IndexOf((byte)0xC2);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }
}
