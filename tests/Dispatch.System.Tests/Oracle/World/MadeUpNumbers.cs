using System.Globalization;

namespace Dispatch.System.Tests.Oracle.World;

/// <summary>
/// Numbers nobody has: CPR numbers that fail modulus 11 and are not of 1 January (the CPR office has issued none such),
/// and CVR numbers that pass theirs.
/// </summary>
sealed class MadeUpNumbers
{
    static readonly int[] CprWeights = [4, 3, 2, 7, 6, 5, 4, 3, 2, 1];

    readonly Dictionary<DateOnly, int> _nextSerial = [];
    int _nextCvr = 4_000_000;

    public string Cpr(DateOnly born)
    {
        if (born is { Month: 1, Day: 1 })
        {
            throw new ArgumentException("Nobody may be made up with a birthday on 1 January.", nameof(born));
        }

        var first = born.Year switch { < 1900 => 5000, < 2000 => 0, _ => 4000 };
        for (var serial = _nextSerial.GetValueOrDefault(born, first); ; serial++)
        {
            var number = Compose(born, serial);
            if (!PassesModulus11(number) && RecipientNumber.BornIn(number) == born)
            {
                _nextSerial[born] = serial + 1;
                return number;
            }
        }
    }

    /// <summary>A number with a chosen seventh digit, for the century table; its date need not exist. Never one that
    /// <see cref="Cpr"/> gives: that counts from the other end.</summary>
    public static string CprWithDigit7(string dayMonthYear, int digit7) =>
        Enumerable.Range(900, 100)
            .Select(rest => string.Create(CultureInfo.InvariantCulture, $"{dayMonthYear}{digit7}{rest:000}"))
            .First(number => !PassesModulus11(number));

    public string Cvr()
    {
        while (true)
        {
            var cvr = (_nextCvr++ * 10L % 100_000_000).ToString("00000000", CultureInfo.InvariantCulture);
            for (var last = '0'; last <= '9'; last++)
            {
                if (RecipientNumber.IsCvrNumber(cvr[..7] + last))
                {
                    return cvr[..7] + last;
                }
            }
        }
    }

    static string Compose(DateOnly born, int serial) =>
        born.ToString("ddMMyy", CultureInfo.InvariantCulture) + serial.ToString("0000", CultureInfo.InvariantCulture);

    static bool PassesModulus11(string number) =>
        Enumerable.Range(0, 10).Sum(i => (number[i] - '0') * CprWeights[i]) % 11 == 0;
}
