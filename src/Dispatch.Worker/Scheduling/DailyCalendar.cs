using System.Globalization;

namespace Dispatch.Worker.Scheduling;

/// <summary>For which date a daily run is due: one a local date, whatever the clocks are changed to.</summary>
static class DailyCalendar
{
    static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Copenhagen");

    /// <summary>The newest date whose run should have begun by now; days that were missed before it are not made up
    /// for.</summary>
    /// <param name="at">Local time <c>hh:mm</c>, not between two and three: there is no such time on one night of the
    /// year, and there are two on another.</param>
    public static DateOnly DueDate(DateTimeOffset now, string at)
    {
        var local = TimeZoneInfo.ConvertTime(now, Zone).DateTime;
        var today = DateOnly.FromDateTime(local);
        var time = TimeOnly.ParseExact(at, "HH:mm", CultureInfo.InvariantCulture);
        return TimeOnly.FromDateTime(local) >= time ? today : today.AddDays(-1);
    }
}
