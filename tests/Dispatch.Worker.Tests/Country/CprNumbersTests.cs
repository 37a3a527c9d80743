using System.Globalization;
using Dispatch.Worker.Country;

namespace Dispatch.Worker.Tests.Country;

public sealed class CprNumbersTests
{
    [Theory]
    [InlineData(1920)]
    [InlineData(1936)]
    [InlineData(1937)]
    [InlineData(1999)]
    [InlineData(2000)]
    [InlineData(2025)]
    public void Take_FullDay_GivesDistinctFailingNumbersOfTheDay(int year)
    {
        var numbers = new CprNumbers(seed: 1);
        var day = new DateOnly(year, 12, 31);

        var taken = Enumerable.Range(0, 3_600)
            .Select(i => numbers.Take(day, isMale: i % 2 == 0).ToString("D10", CultureInfo.InvariantCulture)).ToList();

        Assert.Distinct(taken);
        Assert.DoesNotContain(taken, CprOracle.PassesModulus11);
        Assert.All(taken, number => Assert.Equal(day, CprOracle.BirthDate(number)));
        Assert.All(taken.Chunk(2), pair => Assert.Equal((1, 0), ((pair[0][9] - '0') % 2, (pair[1][9] - '0') % 2)));
    }
}
