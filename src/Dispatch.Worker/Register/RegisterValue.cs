using System.Globalization;
using System.Text;
using Dispatch.Routing.Identity;
using Dispatch.Routing.Rules;

namespace Dispatch.Worker.Register;

/// <summary>The forms of values in a register folder. Each gives false for anything else; nothing is repaired.
/// </summary>
static class RegisterValue
{
    static readonly TimeZoneInfo Copenhagen = TimeZoneInfo.FindSystemTimeZoneById("Europe/Copenhagen");

    static readonly string[] InstantFormats =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Ten digits, with or without hyphen, whose date exists; days of replacement numbers do not.</summary>
    public static bool TryCpr(ReadOnlySpan<byte> text, out uint cpr)
    {
        var fault = CprNumber.Parse(text, int.MaxValue, out var number);
        cpr = number.Value;
        return fault == Reason.None;
    }

    /// <summary>As <see cref="TryCpr"/>, and empty gives 0.</summary>
    public static bool TryOptionalCpr(ReadOnlySpan<byte> text, out uint cpr)
    {
        cpr = 0;
        return text.IsEmpty || TryCpr(text, out cpr);
    }

    /// <summary>Eight digits; the check digit is the business of whoever writes to the company.</summary>
    public static bool TryCvr(ReadOnlySpan<byte> text, out uint cvr)
    {
        cvr = 0;
        return CvrNumber.HasForm(text) && TryDigits(text, out cvr);
    }

    public static bool TryStatus(ReadOnlySpan<byte> text, out uint status)
    {
        status = 0;
        return text.Length == 2 && TryDigits(text, out status);
    }

    /// <summary><c>yyyy-MM-dd</c>; empty gives null.</summary>
    public static bool TryOptionalDate(ReadOnlySpan<byte> text, out DateOnly? date)
    {
        date = null;
        if (text.IsEmpty)
        {
            return true;
        }

        if (text.Length != 10 || text[4] != '-' || text[7] != '-' || !TryDigits(text[..4], out var year)
            || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..], out var day)
            || year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth((int)year, (int)month))
        {
            return false;
        }

        date = new((int)year, (int)month, (int)day);
        return true;
    }

    /// <summary>An ISO 8601 date (its midnight) or date and time; without an offset it is local time in Denmark.
    /// </summary>
    public static bool TryInstant(ReadOnlySpan<byte> text, out DateTime utc)
    {
        var isRead = DateTime.TryParseExact(
            Encoding.UTF8.GetString(text), InstantFormats, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind,
            out utc);
        if (isRead)
        {
            // The offset, rather than a conversion, because an hour that does not exist in spring must not throw.
            utc = utc.Kind == DateTimeKind.Unspecified
                ? new DateTimeOffset(utc, Copenhagen.GetUtcOffset(utc)).UtcDateTime
                : utc.ToUniversalTime();
        }

        return isRead;
    }

    /// <summary><c>1</c> is true; <c>0</c> and empty are false.</summary>
    public static bool TryFlag(ReadOnlySpan<byte> text, out bool flag)
    {
        flag = text is [(byte)'1'];
        return flag || text.IsEmpty || text is [(byte)'0'];
    }

    /// <summary>Empty stands for <c>none</c>.</summary>
    public static bool IsNotify(ReadOnlySpan<byte> text) =>
        text.IsEmpty || text.SequenceEqual("none"u8) || text.SequenceEqual("email"u8) || text.SequenceEqual("sms"u8)
        || text.SequenceEqual("both"u8);

    /// <summary>Two capital letters; empty stands for DK.</summary>
    public static bool IsCountry(ReadOnlySpan<byte> text) =>
        text.IsEmpty || (text.Length == 2 && text.IndexOfAnyExceptInRange((byte)'A', (byte)'Z') < 0);

    /// <summary>Nothing in it but spaces and the bars that join lines.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept((byte)' ', (byte)'|') < 0;

    static bool TryDigits(ReadOnlySpan<byte> text, out uint value)
    {
        value = 0;
        foreach (var character in text)
        {
            var digit = (uint)(character - '0');
            if (digit > 9)
            {
                return false;
            }

            value = value * 10 + digit;
        }

        return true;
    }
}
