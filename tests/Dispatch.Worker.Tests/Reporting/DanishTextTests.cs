using Dispatch.Worker.Reporting;

namespace Dispatch.Worker.Tests.Reporting;

public sealed class DanishTextTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(4_700_000, "4.700.000")]
    public void Count_Number_HasGroupsOfThree(long count, string expected) =>
        Assert.Equal(expected, DanishText.Count(count));

    [Theory]
    [InlineData(0, 100, "0 %")]
    [InlineData(1, 5_000_000, "< 0,01 %")]
    [InlineData(1, 1000, "0,10 %")]
    [InlineData(50, 100, "50,0 %")]
    [InlineData(4_999_999, 5_000_000, "> 99,99 %")]
    [InlineData(100, 100, "100,0 %")]
    [InlineData(0, 0, "0 %")]
    public void Share_OfWhole_NeverRoundsToNothingOrAll(long part, long whole, string expected) =>
        Assert.Equal(expected, DanishText.Share(part, whole));

    [Theory]
    [InlineData(0.3, "0,30 s")]
    [InlineData(29, "29,0 s")]
    [InlineData(150, "2 min 30 s")]
    [InlineData(7260, "2 h 1 min")]
    public void Seconds_Duration_IsReadable(double seconds, string expected) =>
        Assert.Equal(expected, DanishText.Seconds(seconds));

    [Fact]
    public void Moment_Summer_IsDanishTime() =>
        Assert.Equal("01-07-2026 14:00", DanishText.Moment(new(2026, 7, 1, 12, 0, 0, DateTimeKind.Utc)));
}
