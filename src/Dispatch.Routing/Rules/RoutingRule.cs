namespace Dispatch.Routing.Rules;

/// <summary>One rule of the routing decision.</summary>
/// <param name="Number">Its place in the order; the first rule that applies decides.</param>
/// <param name="Condition">When it applies, in words.</param>
/// <param name="Outcomes">The reasons it can give; each belongs to one channel.</param>
/// <param name="Apply">Decides, or gives <see cref="Reason.None"/> when it does not apply. Null for the rules that look
/// at the row or the register rather than at a person's facts: those are carried out by <c>RowRouter</c>.</param>
public sealed record RoutingRule(
    int Number, string Condition, IReadOnlyList<Reason> Outcomes, Func<RoutingCase, Reason>? Apply = null);
