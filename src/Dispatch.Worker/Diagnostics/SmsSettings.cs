using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Dispatch.Worker.Diagnostics;

/// <summary>The gateway SMS are posted to.</summary>
sealed record SmsSettings
{
    const string PathForm = "a path of plain letters, digits, '/', '.', '_' and '-'";
    const string Time = "(?!2[4-9])[0-2][0-9]:[0-5][0-9]";

    /// <summary>Where they are posted; https, or this machine; empty = no notices by SMS.</summary>
    [RegularExpression(
        "(https?://[A-Za-z0-9.:_/?&=%~+-]{1,400})?", ErrorMessage = "an address such as https://sms.example/v1, or empty")]
    public string Url { get; init; } = "";

    /// <summary>File with the token that is sent as <c>Authorization: Bearer</c>; empty = none is.</summary>
    [RegularExpression("[A-Za-z0-9/._-]*", ErrorMessage = PathForm)]
    public string TokenFile { get; init; } = "";

    /// <summary>The certificate authority the gateway's certificate must be of, a PEM file; empty = one the system
    /// trusts.</summary>
    [RegularExpression("[A-Za-z0-9/._-]*", ErrorMessage = PathForm)]
    public string RootCertificate { get; init; } = "";

    /// <summary>Who the SMS says it is from.</summary>
    [RegularExpression("[A-Za-z0-9]{1,11}", ErrorMessage = "up to 11 plain letters and digits")]
    public string From { get; init; } = "DigitalPost";

    /// <summary>Messages posted at the same time by a worker.</summary>
    [Range(1, 64)]
    public int Connections { get; init; } = 8;

    /// <summary>Messages a second at most, of all workers together; 0 = no limit.</summary>
    [Range(0, 100_000)]
    public int PerSecond { get; init; } = 100;

    /// <summary>Local hours (Europe/Copenhagen) in which SMS are sent; outside of them they wait.</summary>
    [RegularExpression($"{Time}-{Time}", ErrorMessage = "two times of day such as 08:00-21:00")]
    public string Hours { get; init; } = "08:00-21:00";

    /// <summary>How long one message may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The first moment of the day SMS are sent, and the first they are not any more.</summary>
    public (TimeOnly From, TimeOnly Until) Day() => (At(Hours[..5]), At(Hours[6..]));

    static TimeOnly At(string time) => TimeOnly.ParseExact(time, "HH:mm", CultureInfo.InvariantCulture);
}
