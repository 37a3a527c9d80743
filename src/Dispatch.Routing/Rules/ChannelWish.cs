namespace Dispatch.Routing.Rules;

/// <summary>The job's <c>channel</c>: <c>auto</c>, <c>digital-only</c> or <c>paper-only</c>.</summary>
public enum ChannelWish : byte
{
    Auto,
    DigitalOnly,
    PaperOnly,
}
