using Dispatch.Routing.Rules;

namespace Dispatch.Worker.Reporting;

/// <summary>A row that waits for an operator.</summary>
/// <param name="PersonId">Null when nobody was found; never null for the reasons rows are held for today.</param>
/// <param name="Reference">The sender's own id of the letter; may be empty.</param>
/// <param name="Votes">Operators who have asked for its release.</param>
sealed record HeldRow(
    int Row, int? PersonId, string Reference, Reason Reason, string Detail, EffectFacts Facts, DateTime Since,
    int Votes)
{
    /// <summary>Two operators must agree where a wrong address could put somebody in danger.</summary>
    public bool NeedsTwoOperators => Reason == Reason.AddressUnsafe;
}
