namespace Dispatch.System.Tests.Running;

/// <summary>A test that acts as another user and so needs root: left out at home, an error in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (Environment.UserName != "root" && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Skip = "Only root can run the program as another user; the other tests did so as this one.";
        }
    }
}
