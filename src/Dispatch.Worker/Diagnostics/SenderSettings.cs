using System.ComponentModel.DataAnnotations;

namespace Dispatch.Worker.Diagnostics;

/// <summary>Who may send.</summary>
sealed record SenderSettings
{
    /// <summary>Whether senders that no operator added may send; empty = with the embedded database only.</summary>
    [RegularExpression("([Tt]rue|[Ff]alse)?")]
    public string OpenSenders { get; init; } = "";
}
