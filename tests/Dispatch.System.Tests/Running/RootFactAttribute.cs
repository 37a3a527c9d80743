namespace Dispatch.System.Tests.Running;

/// <summary>A test that acts as another user or mounts a disk: left out at home without root, an error in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (Environment.UserName != "root" && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Skip = "Only root can act as another user, or mount a disk.";
        }
    }
}
