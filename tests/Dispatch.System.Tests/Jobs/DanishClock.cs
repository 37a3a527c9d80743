namespace Dispatch.System.Tests.Jobs;

/// <summary>The local date that decisions are taken on.</summary>
static class DanishClock
{
    static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Copenhagen");

    public static DateTimeOffset Now() => TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), Zone);

    public static DateOnly Today() => DateOnly.FromDateTime(Now().DateTime);
}
