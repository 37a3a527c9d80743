namespace Dispatch.PrintExport.Handoff;

/// <summary>Local time of the print houses: deadlines, cut-offs and downtimes are local.</summary>
public static class DanishTime
{
    static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Copenhagen");

    public static DateTime Of(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Zone).DateTime;

    /// <summary>The instant of a local time. One that the clocks skip is told as if they had not; of one that comes
    /// twice it is the later.</summary>
    public static DateTimeOffset InstantOf(DateTime local) => new(local, Zone.IsInvalidTime(local)
        ? Zone.BaseUtcOffset
        : Zone.IsAmbiguousTime(local) ? Zone.GetAmbiguousTimeOffsets(local).Min() : Zone.GetUtcOffset(local));

    public static DateOnly DateOf(DateTimeOffset instant) => DateOnly.FromDateTime(Of(instant));
}
