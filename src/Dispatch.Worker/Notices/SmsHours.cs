namespace Dispatch.Worker.Notices;

/// <summary>The local hours in which SMS are sent.</summary>
/// <param name="From">The first moment of the day.</param>
/// <param name="Until">The first moment that is none of them any more; as From = always.</param>
readonly record struct SmsHours(TimeOnly From, TimeOnly Until)
{
    static readonly TimeZoneInfo Copenhagen = TimeZoneInfo.FindSystemTimeZoneById("Europe/Copenhagen");

    public bool Include(DateTimeOffset moment)
    {
        var local = TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, Copenhagen).DateTime);
        return From < Until ? local >= From && local < Until : local >= From || local < Until;
    }
}
