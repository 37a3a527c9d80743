using System.Globalization;
using Dispatch.PrintExport.Handoff;

namespace Dispatch.PrintExport.Tests.Handoff;

public sealed class DanishTimeTests
{
    [Theory]
    [InlineData("2026-03-10 06:00", "2026-03-10 05:00")]
    [InlineData("2026-07-10 06:00", "2026-07-10 04:00")]
    [InlineData("2026-03-29 02:30", "2026-03-29 01:30")] // the clocks skip it
    [InlineData("2026-10-25 02:30", "2026-10-25 01:30")] // there twice
    public void InstantOf_LocalTime_IsNeverBeforeIt(string local, string utc) =>
        Assert.Equal(Moment(utc), DanishTime.InstantOf(Moment(local)).UtcDateTime);

    static DateTime Moment(string time) => DateTime.ParseExact(time, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
