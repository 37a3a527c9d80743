namespace Dispatch.Worker.Commands;

/// <summary>How a finding of <c>dispatch doctor</c> is to be taken; worse ones have higher numbers.</summary>
enum Verdict
{
    Good,

    /// <summary>It works; look at it.</summary>
    Doubtful,

    /// <summary>It does not work now; it may by itself later.</summary>
    Unavailable,

    /// <summary>It does not work until somebody changes it.</summary>
    Wrong,
}

/// <summary>One thing <c>dispatch doctor</c> looked at.</summary>
/// <param name="Advice">What to do; empty when all is well.</param>
sealed record Finding(string Check, Verdict Verdict, string Found, string Advice = "")
{
    public override string ToString() =>
        $"{Verdict.ToString().ToLowerInvariant(),-11} {Check}: {Found}" + (Advice.Length > 0 ? $" → {Advice}" : "");
}
