namespace Dispatch.System.Tests.Oracle;

/// <summary>What of a job takes part in the decision.</summary>
sealed record JobRules
{
    public string SenderCvr { get; init; } = "19552101";

    public bool IsPrivate { get; init; }

    public string MessageType { get; init; } = "tax-statement";

    /// <summary>auto, digital-only or paper-only.</summary>
    public string Channel { get; init; } = "auto";

    /// <summary>Rows of private senders whom the person is not registered with: paper, or refused.</summary>
    public bool RefusesUnregistered { get; init; }

    public bool IgnoresExemption => !IsPrivate && MessageType is "state-payslip" or "su";
}
