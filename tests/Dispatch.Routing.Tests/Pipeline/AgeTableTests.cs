using Dispatch.Routing.Pipeline;
using Dispatch.Routing.Register;

namespace Dispatch.Routing.Tests.Pipeline;

public sealed class AgeTableTests
{
    [Theory]
    [InlineData("2026-11-22", "2011-11-22", 15)]
    [InlineData("2026-11-22", "2011-11-23", 14)]
    [InlineData("2026-11-22", "2011-11-21", 15)]
    [InlineData("2027-02-28", "2012-02-29", 14)]
    [InlineData("2027-03-01", "2012-02-29", 15)]
    [InlineData("2028-02-29", "2012-02-29", 16)]
    [InlineData("2028-02-29", "2013-02-28", 15)]
    [InlineData("2028-02-29", "2013-03-01", 14)]
    [InlineData("2026-11-22", "2026-11-22", 0)]
    [InlineData("2026-11-22", "2027-01-02", 0)]
    [InlineData("2026-11-22", "1921-05-06", 105)]
    [InlineData("2026-03-29", "2011-03-29", 15)]
    public void AgeOf_BirthDay_CountsBirthdaysReached(string date, string born, int expected)
    {
        var ages = new AgeTable(DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture));
        var birthDay = BirthDay.From(DateOnly.Parse(born, System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(expected, ages.AgeOf(birthDay));
    }
}
