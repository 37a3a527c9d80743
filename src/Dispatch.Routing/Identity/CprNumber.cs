using Dispatch.Routing.Register;
using Dispatch.Routing.Rules;

namespace Dispatch.Routing.Identity;

/// <summary>
/// A Danish civil registration number: DDMMYYSSSS, where the seventh digit tells the century. Modulus 11 is no test:
/// numbers that fail it have been issued since 2007. Source: the CPR office, "Personnummeret i CPR".
/// </summary>
public readonly record struct CprNumber(uint Value)
{
    const int ReplacementDays = 60;

    /// <summary>Masked: a number never reaches a log or a message through formatting.</summary>
    public override string ToString() => "(cpr)";

    /// <summary>
    /// Reads <c>DDMMYYSSSS</c> or <c>DDMMYY-SSSS</c>, tested in the order characters, length, replacement number, date,
    /// future date. Nothing is padded or repaired.
    /// </summary>
    /// <param name="text">UTF-8, already trimmed.</param>
    /// <param name="today">The decision date, days as in <see cref="BirthDay"/>.</param>
    /// <param name="number">The number; its value is valid only when the result is <see cref="Reason.None"/>.</param>
    /// <returns><see cref="Reason.None"/> or the first fault found.</returns>
    public static Reason Parse(ReadOnlySpan<byte> text, int today, out CprNumber number)
    {
        number = default;
        var hasHyphen = text.Length > 6 && text[6] == '-';
        var digits = 0;
        var value = 0UL;
        for (var i = 0; i < text.Length; i++)
        {
            if (hasHyphen && i == 6)
            {
                continue;
            }

            var digit = (uint)(text[i] - '0');
            if (digit > 9)
            {
                return Reason.CprChars;
            }

            value = digits < 10 ? value * 10 + digit : value;
            digits++;
        }

        if (digits != 10)
        {
            return Reason.CprLength;
        }

        return Check(value, today, out number);
    }

    /// <summary>The birth date the number itself tells, days as in <see cref="BirthDay"/>, or −1 for a date that does
    /// not exist.</summary>
    public static int BirthDayOf(uint value)
    {
        var day = (int)(value / 100_000_000);
        var month = (int)(value / 1_000_000 % 100);
        var year = FullYear((int)(value / 10_000 % 100), (int)(value / 1_000 % 10));
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return -1;
        }

        return BirthDay.From(new DateOnly(year, month, day));
    }

    /// <summary>The century by the seventh digit: 0–3 1900s; 4 and 9 2000s up to year 36, else 1900s; 5–8 2000s up to
    /// year 57, else 1800s.</summary>
    public static int FullYear(int twoDigitYear, int seventhDigit) => seventhDigit switch
    {
        <= 3 => 1900 + twoDigitYear,
        4 or 9 => twoDigitYear <= 36 ? 2000 + twoDigitYear : 1900 + twoDigitYear,
        _ => twoDigitYear <= 57 ? 2000 + twoDigitYear : 1800 + twoDigitYear,
    };

    static Reason Check(ulong value, int today, out CprNumber number)
    {
        number = default;
        var day = value / 100_000_000;
        if (day is > ReplacementDays and <= ReplacementDays + 31)
        {
            return Reason.CprReplacement;
        }

        var birthDay = day > 31 ? -1 : BirthDayOf((uint)value);
        if (birthDay < 0)
        {
            return Reason.CprDate;
        }

        if (birthDay > today)
        {
            return Reason.CprDateFuture;
        }

        number = new((uint)value);
        return Reason.None;
    }
}
