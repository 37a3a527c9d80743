namespace Dispatch.System.Tests.Oracle;

/// <summary>What must become of one row: the effect and the bare reason code, as <c>ops.effects</c> shows
/// them.</summary>
readonly record struct Verdict(string Effect, string Reason)
{
    public static Verdict Digital(string reason) => new("digital", reason);

    public static Verdict Paper(string reason) => new("paper", reason);

    public static Verdict Held(string reason) => new("held", reason);

    public static Verdict Refused(string reason) => new("refused", reason);

    public override string ToString() => $"{Effect} {Reason}";
}
