using System.Globalization;
using System.Text.RegularExpressions;

namespace Dispatch.Structure.Tests;

/// <summary>
/// Made-up people have numbers the CPR office has not given to anybody: they fail modulus 11 and are not born on
/// 1 January. No other number that could be a CPR number may stand in any file.
/// </summary>
public sealed partial class PersonalDataTests
{
    static readonly int[] Weights = [4, 3, 2, 7, 6, 5, 4, 3, 2, 1];

    [Fact]
    public void Files_All_HoldNoNumberOfARealPerson()
    {
        var faults = from file in Repository.TextFiles()
                     from line in Repository.Lines(file).Select((text, index) => (text, number: index + 1))
                     from Match match in NumberPattern().Matches(line.text)
                     where CouldBeReal(match.Groups[1].Value + match.Groups[2].Value)
                     select string.Create(CultureInfo.InvariantCulture, $"{file}:{line.number}");

        Repository.ExpectNone(faults);
    }

    [Fact]
    public void CouldBeReal_MadeUpNumbers_AreToldFromOthers()
    {
        // Put together here, so that they do not stand in this file as numbers.
        var born = "1505" + "65";
        var serials = Enumerable.Range(1_000, 11).Select(s => born + s.ToString(CultureInfo.InvariantCulture)).ToList();

        Assert.Contains(serials, CouldBeReal);
        Assert.Contains(serials, s => !CouldBeReal(s));
        Assert.True(CouldBeReal("0101" + "65" + "1234"));
        Assert.False(CouldBeReal("3102" + "65" + "1234"));
    }

    static bool CouldBeReal(string digits)
    {
        var (day, month) = (Number(digits[..2]), Number(digits[2..4]));
        if (!Years(Number(digits[4..6]), digits[6] - '0').Any(y => IsDate(y, month, day)))
        {
            return false;
        }

        var sum = digits.Select((d, i) => (d - '0') * Weights[i]).Sum();
        return sum % 11 == 0 || (day, month) == (1, 1);
    }

    static bool IsDate(int year, int month, int day) =>
        month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);

    static IEnumerable<int> Years(int year, int digit7) => digit7 switch
    {
        <= 3 => [1900 + year],
        4 or 9 => [year <= 36 ? 2000 + year : 1900 + year],
        _ => [year <= 57 ? 2000 + year : 1800 + year],
    };

    static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<![0-9A-Za-z.])([0-9]{6})[- ]?([0-9]{4})(?![0-9A-Za-z])")]
    private static partial Regex NumberPattern();
}
