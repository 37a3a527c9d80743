namespace Dispatch.Worker.Country;

/// <summary>
/// CVR numbers for made-up companies. The check digit must hold, so there is no number that is made up by its form, as
/// there is for people. They are taken from 90,000,000 upwards: numbers are issued in sequence, and in 2026 the
/// sequence stands near 46 million; the taken-over older numbers above it thin out far below 90 million.
/// </summary>
static class CvrNumbers
{
    /// <summary>The made-up numbers in rising order; about 909,000 of them.</summary>
    public static IEnumerable<int> All()
    {
        for (var front = 9_000_000; front < 10_000_000; front++)
        {
            var checkDigit = (11 - WeightedSum(front) % 11) % 11;
            if (checkDigit < 10)
            {
                yield return front * 10 + checkDigit;
            }
        }
    }

    /// <summary>Sum over the first seven digits with weights 2 7 6 5 4 3 2.</summary>
    static int WeightedSum(int front)
    {
        ReadOnlySpan<byte> weightsFromLast = [2, 3, 4, 5, 6, 7, 2];
        var sum = 0;
        foreach (var weight in weightsFromLast)
        {
            sum += front % 10 * weight;
            front /= 10;
        }

        return sum;
    }
}
