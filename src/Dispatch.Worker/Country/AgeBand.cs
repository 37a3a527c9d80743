namespace Dispatch.Worker.Country;

/// <summary>A share of people between two ages, both included.</summary>
readonly record struct AgeBand(int First, int Last, int Weight)
{
    /// <summary>Age of somebody who lives alone.</summary>
    public static readonly AgeBand[] Singles =
    [
        new(18, 24, 150), new(25, 34, 180), new(35, 44, 85), new(45, 54, 120), new(55, 64, 160), new(65, 74, 145),
        new(75, 84, 125), new(85, 94, 50), new(95, 100, 5), new(101, 105, 1),
    ];

    /// <summary>Age of the older half of a couple with no children at home.</summary>
    public static readonly AgeBand[] Couples =
    [
        new(20, 24, 60), new(25, 34, 140), new(35, 44, 40), new(45, 54, 170), new(55, 64, 250), new(65, 74, 205),
        new(75, 84, 120), new(85, 94, 25),
    ];

    public static int Draw(ReadOnlySpan<AgeBand> bands, ref SplitMix random)
    {
        var total = 0;
        foreach (var band in bands)
        {
            total += band.Weight;
        }

        var at = random.Below(total);
        foreach (var band in bands)
        {
            if (at < band.Weight)
            {
                return random.Between(band.First, band.Last);
            }

            at -= band.Weight;
        }

        return bands[^1].Last;
    }
}
