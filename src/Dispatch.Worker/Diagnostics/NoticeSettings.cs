using System.ComponentModel.DataAnnotations;

namespace Dispatch.Worker.Diagnostics;

/// <summary>Notices of new post.</summary>
sealed record NoticeSettings
{
    /// <summary>Where people change whether and how they are told, as the texts say it.</summary>
    [RegularExpression(@"[^\p{C}]{1,60}", ErrorMessage = "1 to 60 characters on one line")]
    public string SettingsAt { get; init; } = "borger.dk";

    /// <summary>How long a notice is tried; what is older is given up.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "30.00:00:00")]
    public TimeSpan TryFor { get; init; } = TimeSpan.FromDays(3);

    /// <summary>By e-mail.</summary>
    public EmailSettings Email { get; init; } = new();

    /// <summary>By SMS.</summary>
    public SmsSettings Sms { get; init; } = new();
}
