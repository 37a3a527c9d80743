namespace Dispatch.Worker.Reporting;

enum HeldStep
{
    /// <summary>Decided again, and out: see the effect.</summary>
    Released,

    /// <summary>Decided again with today's register, and held again.</summary>
    HeldAgain,

    /// <summary>The operator's vote is noted; another operator must release the row too.</summary>
    AwaitsSecondOperator,

    Refused,

    /// <summary>It was done before: nothing changed.</summary>
    Unchanged,
}

/// <summary>What became of a held row.</summary>
/// <param name="Effect"><c>digital</c>, <c>paper</c>, <c>held</c> or <c>refused</c>: what the row has now.</param>
readonly record struct HeldOutcome(int Row, HeldStep Step, string Effect);
