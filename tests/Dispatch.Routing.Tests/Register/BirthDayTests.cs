using Dispatch.Routing.Register;

namespace Dispatch.Routing.Tests.Register;

public sealed class BirthDayTests
{
    [Theory]
    [InlineData("1900-01-01", 0)]
    [InlineData("1899-12-31", 0)]
    [InlineData("0001-01-01", 0)]
    [InlineData("2004-02-29", 38044)]
    [InlineData("2079-06-06", 65535)]
    [InlineData("2079-06-07", 65535)]
    public void From_Date_CountsDaysSince1900WithinTwoBytes(string date, int expected) =>
        Assert.Equal(expected, BirthDay.From(DateOnly.ParseExact(date, "yyyy-MM-dd", null)));

    [Fact]
    public void ToDate_EveryDay_IsTheInverse()
    {
        for (var day = 0; day <= ushort.MaxValue; day++)
        {
            Assert.Equal(day, BirthDay.From(BirthDay.ToDate(day)));
        }
    }
}
