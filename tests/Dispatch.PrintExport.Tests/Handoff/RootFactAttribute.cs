namespace Dispatch.PrintExport.Tests.Handoff;

/// <summary>A test that mounts a file system of its own; skipped where that is not allowed.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (Environment.UserName != "root" || !SmallDisk.CanMount)
        {
            Skip = "needs root and the right to mount a tmpfs";
        }
    }
}
