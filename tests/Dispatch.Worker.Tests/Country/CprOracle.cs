using System.Globalization;

namespace Dispatch.Worker.Tests.Country;

/// <summary>What a CPR number says, written from the rules and not from the generator.</summary>
static class CprOracle
{
    public static bool PassesModulus11(string number) =>
        number.Zip([4, 3, 2, 7, 6, 5, 4, 3, 2, 1], (digit, weight) => (digit - '0') * weight).Sum() % 11 == 0;

    /// <summary>Throws when the number has no date.</summary>
    public static DateOnly BirthDate(string number)
    {
        var year = Digits(number[4..6]);
        var century = (number[6], year) switch
        {
            ( <= '3', _) => 1900,
            ('4' or '9', <= 36) => 2000,
            ('4' or '9', _) => 1900,
            (_, <= 57) => 2000,
            _ => 1800,
        };
        return new DateOnly(century + year, Digits(number[2..4]), Digits(number[..2]));
    }

    /// <summary>On 1 January 2026, the day the country's ages count from.</summary>
    public static int Age(string number) => 2025 - BirthDate(number).Year;

    static int Digits(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}
