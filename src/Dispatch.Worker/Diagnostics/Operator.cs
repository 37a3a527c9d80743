namespace Dispatch.Worker.Diagnostics;

/// <summary>Who is at the keyboard, for the trail: the login the operating system knows.</summary>
static class Operator
{
    // Under sudo everybody is root; who they were before is what an auditor wants to know.
    public static string Name => Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 } before
        ? before
        : Environment.UserName;
}
