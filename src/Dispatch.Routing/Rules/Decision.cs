namespace Dispatch.Routing.Rules;

/// <summary>What was decided for one row, and why.</summary>
/// <param name="Reason">Says the channel too: every reason belongs to one channel.</param>
public readonly record struct Decision(Reason Reason)
{
    public Channel Channel => Reason.Channel();
}
