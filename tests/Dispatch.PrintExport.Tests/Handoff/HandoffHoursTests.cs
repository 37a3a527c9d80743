using System.Globalization;
using Dispatch.PrintExport.Handoff;

namespace Dispatch.PrintExport.Tests.Handoff;

public sealed class HandoffHoursTests
{
    [Theory]
    [InlineData("16:00", "", "2026-03-09 15:59", null)]
    [InlineData("16:00", "", "2026-03-09 16:00", "2026-03-10 00:00")]
    [InlineData("00:00", "", "2026-03-09 12:00", "2026-03-13 00:00")] // never open: a later day is told all the same
    [InlineData("", "22:00-04:00", "2026-03-09 21:59", null)]
    [InlineData("", "22:00-04:00", "2026-03-09 22:00", "2026-03-10 04:00")]
    [InlineData("", "22:00-04:00", "2026-03-10 03:59", "2026-03-10 04:00")]
    [InlineData("", "22:00-04:00", "2026-03-10 04:00", null)]
    [InlineData("", "12:00-13:30", "2026-03-10 12:30", "2026-03-10 13:30")]
    [InlineData("", "12:00-12:00", "2026-03-10 12:00", null)]
    [InlineData("16:00", "22:00-04:00", "2026-03-09 17:00", "2026-03-10 04:00")]
    [InlineData("16:00", "14:00-17:00", "2026-03-09 14:30", "2026-03-10 00:00")]
    [InlineData("", "", "2026-03-09 03:00", null)]
    public void ClosedUntil_LocalTime_IsTheEndOfCutOffAndDowntime(string cutOff, string down, string now, string? until)
    {
        var times = down.Split('-');
        var hours = new HandoffHours(
            cutOff.Length == 0 ? null : At(cutOff), down.Length == 0 ? null : At(times[0]),
            down.Length == 0 ? null : At(times[1]));

        Assert.Equal(until is null ? null : Moment(until), hours.ClosedUntil(Moment(now)));
    }

    static TimeOnly At(string time) => TimeOnly.ParseExact(time, "HH:mm", CultureInfo.InvariantCulture);

    static DateTime Moment(string time) => DateTime.ParseExact(time, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
