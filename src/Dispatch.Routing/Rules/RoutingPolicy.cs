namespace Dispatch.Routing.Rules;

/// <summary>What the sender of a job wants, as far as routing goes.</summary>
/// <param name="IsPublicSender">A public authority; else a private company.</param>
/// <param name="IsOutsideExemption">A message an exemption does not cover: pay slips from the state and messages about
/// student grants (SU), from a public sender.</param>
/// <param name="Wish">Which channels the job allows.</param>
/// <param name="IsUnregisteredRefused">A private sender's row for somebody not registered with it is refused instead of
/// printed.</param>
public sealed record RoutingPolicy(
    bool IsPublicSender, bool IsOutsideExemption, ChannelWish Wish, bool IsUnregisteredRefused)
{
    /// <summary>Version of the rules in <see cref="RoutingRules"/>; stored with every decision.</summary>
    public const string RuleSet = "2026-1";

    /// <summary>Whether an exemption leaves this type of message alone.</summary>
    public static bool IsUncoveredType(string messageType) => messageType is "state-payslip" or "su";
}
