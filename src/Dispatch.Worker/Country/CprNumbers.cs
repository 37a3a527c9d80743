using System.Diagnostics;

namespace Dispatch.Worker.Country;

/// <summary>
/// Hands out CPR numbers no living person can have: they fail modulus 11 and are never of a 1 January (the only days
/// for which the CPR office has issued failing numbers to people). Each day and sex has a walk of its own through its
/// serials, so a number comes in a step or two however full the day is.
/// </summary>
sealed class CprNumbers
{
    public const int FirstYear = 1920;
    public const int LastYear = 2025;

    const int SerialsPerDigitAndSex = 500;

    /// <summary>A prime that divides neither 2,000 nor 3,000: the walk meets every serial once before it comes
    /// back.</summary>
    const int Stride = 331;

    const int DaysMax = 366;

    /// <summary>Digit 7 that means 19YY for YY from 00 to 36.</summary>
    static readonly int[] Before1937 = [0, 1, 2, 3];

    /// <summary>Digit 7 that means 19YY for YY from 37 to 99.</summary>
    static readonly int[] From1937 = [0, 1, 2, 3, 4, 9];

    /// <summary>Digit 7 that means 20YY for YY from 00 to 36.</summary>
    static readonly int[] From2000 = [4, 5, 6, 7, 8, 9];

    readonly int _seed;
    readonly ushort[] _steps = new ushort[(LastYear - FirstYear + 1) * DaysMax * 2];

    public CprNumbers(int seed) => _seed = seed;

    /// <param name="birthDate">From 2 January <see cref="FirstYear"/> to the end of <see cref="LastYear"/>.</param>
    public uint Take(DateOnly birthDate, bool isMale)
    {
        Debug.Assert(birthDate.DayOfYear > 1);
        var day = ((birthDate.Year - FirstYear) * DaysMax + birthDate.DayOfYear - 1) * 2 + (isMale ? 1 : 0);
        var digits = CenturyDigits(birthDate.Year);
        var capacity = digits.Length * SerialsPerDigitAndSex;
        var start = new SplitMix(_seed, RandomStream.Serial, day).Below(capacity);
        var front = (uint)(birthDate.Day * 10_000 + birthDate.Month * 100 + birthDate.Year % 100) * 10_000;
        while (_steps[day] < capacity)
        {
            var slot = (start + _steps[day]++ * Stride) % capacity;
            var serial = digits[slot / SerialsPerDigitAndSex] * 1_000 + slot % SerialsPerDigitAndSex * 2
                + (isMale ? 1 : 0);
            var number = front + (uint)serial;
            if (!PassesModulus11(number))
            {
                return number;
            }
        }

        throw new InvalidOperationException(
            "a birth day has no serials left; the limit on people should have prevented it");
    }

    /// <summary>The check with weights 4 3 2 7 6 5 4 3 2 1: passing numbers may be real people's.</summary>
    public static bool PassesModulus11(uint number)
    {
        ReadOnlySpan<byte> weightsFromLast = [1, 2, 3, 4, 5, 6, 7, 2, 3, 4];
        var sum = 0u;
        foreach (var weight in weightsFromLast)
        {
            sum += number % 10 * weight;
            number /= 10;
        }

        return sum % 11 == 0;
    }

    static int[] CenturyDigits(int year) => year < 1937 ? Before1937 : year < 2000 ? From1937 : From2000;
}
