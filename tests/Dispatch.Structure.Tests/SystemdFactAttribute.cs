namespace Dispatch.Structure.Tests;

/// <summary>A test that needs <c>systemd-analyze</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SystemdFactAttribute : FactAttribute
{
    public const string Program = "/usr/bin/systemd-analyze";

    public SystemdFactAttribute()
    {
        if (!File.Exists(Program))
        {
            Skip = "systemd-analyze is not installed; the unit's directives are looked at all the same.";
        }
    }
}
