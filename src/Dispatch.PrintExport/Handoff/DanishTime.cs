namespace Dispatch.PrintExport.Handoff;

/// <summary>Local time of the print houses: deadlines, cut-offs and downtimes are local.</summary>
public static class DanishTime
{
    static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Copenhagen");

    public static DateTime Of(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Zone).DateTime;

    public static DateOnly DateOf(DateTimeOffset instant) => DateOnly.FromDateTime(Of(instant));
}
