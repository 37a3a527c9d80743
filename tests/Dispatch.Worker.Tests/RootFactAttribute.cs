namespace Dispatch.Worker.Tests;

/// <summary>A test that mounts a disk: skipped by name without root, which on a build machine counts as a
/// failure.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() => Skip = Environment.UserName == "root" ? null : "only root can mount a disk";
}
