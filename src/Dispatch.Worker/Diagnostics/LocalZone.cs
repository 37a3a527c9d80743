using Dispatch.Routing;

namespace Dispatch.Worker.Diagnostics;

/// <summary>The time zone all local dates are of: ages, the nightly run, hand-off windows. A machine may lack the files
/// that know it.</summary>
static class LocalZone
{
    public const string Name = "Europe/Copenhagen";

    /// <summary>How the machine comes by it.</summary>
    public const string Remedy = "sudo apt-get install -y tzdata";

    static readonly DateTime Summer = new(2026, 7, 1, 12, 0, 0, DateTimeKind.Utc);

    /// <summary>The machine knows the zone, and does not only say so.</summary>
    public static bool IsKnown() =>
        TimeZoneInfo.TryFindSystemTimeZoneById(Name, out var zone) && zone.GetUtcOffset(Summer) == TimeSpan.FromHours(2);

    /// <summary>Before anything is taken: a local date would be wrong, or fail in the middle.</summary>
    /// <exception cref="DispatchException"><c>time_zone.missing</c>, exit 78.</exception>
    public static void Require()
    {
        if (!IsKnown())
        {
            throw Missing();
        }
    }

    public static DispatchException Missing() => new(
        "time_zone.missing", $"this machine does not know the time zone {Name}, by which local dates are told; {Remedy}, and "
        + "see that TZDIR, if it is set, names where the zones are", ExitCode.Configuration);
}
