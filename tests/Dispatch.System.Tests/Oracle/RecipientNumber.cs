using System.Globalization;

namespace Dispatch.System.Tests.Oracle;

/// <summary>What column <c>recipient</c> holds: a CPR number, a CVR number, or the fault of rule 1.</summary>
readonly record struct RecipientNumber(string Digits, bool IsCompany, DateOnly Born, string? Fault)
{
    static readonly int[] CvrWeights = [2, 7, 6, 5, 4, 3, 2, 1];

    /// <summary>Rule 1, in its order: characters, length, replacement number, date, future date.</summary>
    public static RecipientNumber Read(string text, DateOnly today)
    {
        var trimmed = text.Trim(' ');
        var digits = trimmed.Length > 6 && trimmed[6] == '-' ? trimmed.Remove(6, 1) : trimmed;
        if (digits.Any(c => c is < '0' or > '9'))
        {
            return Faulty("cpr.chars");
        }

        return digits.Length switch
        {
            8 => IsCvrNumber(digits) ? new(digits, true, default, null) : Faulty("cvr.check"),
            10 => ReadCpr(digits, today),
            _ => Faulty("cpr.length"),
        };
    }

    public static bool IsCvrNumber(string digits) =>
        Enumerable.Range(0, 8).Sum(i => (digits[i] - '0') * CvrWeights[i]) % 11 == 0;

    /// <summary>The date in the number, null where that day does not exist; digits 5 to 7 give the century.</summary>
    public static DateOnly? BornIn(string digits)
    {
        var year = Two(digits, 4);
        var century = (digits[6] - '0', year) switch
        {
            ( <= 3, _) => 1900,
            (4 or 9, <= 36) => 2000,
            (4 or 9, _) => 1900,
            (_, <= 57) => 2000,
            _ => 1800,
        };
        var date = $"{century + year:0000}-{Two(digits, 2):00}-{Two(digits, 0):00}";
        return DateOnly.TryParseExact(
            date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var born)
            ? born
            : null;
    }

    static RecipientNumber ReadCpr(string digits, DateOnly today)
    {
        if (Two(digits, 0) is >= 61 and <= 91)
        {
            return Faulty("cpr.replacement");
        }

        return BornIn(digits) switch
        {
            null => Faulty("cpr.date"),
            { } born when born > today => Faulty("cpr.date_future"),
            { } born => new(digits, false, born, null),
        };
    }

    static int Two(string digits, int at) => ((digits[at] - '0') * 10) + digits[at + 1] - '0';

    static RecipientNumber Faulty(string fault) => new("", false, default, fault);
}
