using System.ComponentModel.DataAnnotations;

namespace Dispatch.Worker.Diagnostics;

/// <summary>Who may send.</summary>
sealed record SenderSettings
{
    public const string Auto = "auto";

    /// <summary>Whether senders that no operator added may send; auto = with the embedded database only.</summary>
    [AllowedValues(Auto, "true", "false", "True", "False")]
    public string OpenSenders { get; init; } = Auto;
}
