namespace Dispatch.Worker.Register.Changes;

/// <summary>Days as the calendar in Denmark has them.</summary>
static class DanishDay
{
    static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Copenhagen");

    /// <summary>The midnight that ends the day it is now, UTC.</summary>
    public static DateTime EndUtc(DateTimeOffset now) =>
        TimeZoneInfo.ConvertTimeToUtc(TimeZoneInfo.ConvertTime(now, Zone).Date.AddDays(1), Zone);
}
