namespace Dispatch.Worker.Diagnostics;

/// <summary>Who is at the keyboard, for the trail: the login the operating system knows.</summary>
static class Operator
{
    // Under sudo everybody is root; who they were before is what an auditor wants to know. Nobody but root is believed:
    // with that variable one operator could be two.
    public static string Name =>
        Libc.IsRoot && Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 } before
            ? before
            : Environment.UserName;
}
