namespace Dispatch.Worker.Register.Changes;

/// <summary>Days as the calendar in Denmark has them.</summary>
static class DanishDay
{
    static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Copenhagen");

    /// <summary>The midnight that ends the day it is now, UTC.</summary>
    public static DateTime EndUtc(DateTimeOffset now) => EndUtc(Of(now));

    /// <summary>The midnight that ends a day, UTC.</summary>
    public static DateTime EndUtc(DateOnly day) =>
        TimeZoneInfo.ConvertTimeToUtc(day.AddDays(1).ToDateTime(TimeOnly.MinValue), Zone);

    /// <summary>The day it is now.</summary>
    public static DateOnly Of(DateTimeOffset now) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, Zone).DateTime);
}
