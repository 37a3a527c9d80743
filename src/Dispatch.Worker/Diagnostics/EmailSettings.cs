using System.ComponentModel.DataAnnotations;

namespace Dispatch.Worker.Diagnostics;

/// <summary>The SMTP server notices are submitted to.</summary>
sealed record EmailSettings
{
    const string PathForm = "a path of plain letters, digits, '/', '.', '_' and '-'";

    /// <summary>Name or address of the server; empty = no notices by e-mail.</summary>
    [RegularExpression(
        "([A-Za-z0-9][A-Za-z0-9.-]*)?", ErrorMessage = "a server's name or IPv4 address in plain letters, or empty")]
    public string Host { get; init; } = "";

    /// <summary>Its port.</summary>
    [Range(1, 65_535)]
    public int Port { get; init; } = 587;

    /// <summary>How the connection is kept secret.</summary>
    [AllowedValues(EmailTls.StartTls, EmailTls.Implicit, EmailTls.None)]
    public EmailTls Tls { get; init; } = EmailTls.StartTls;

    /// <summary>The certificate authority the server's certificate must be of, a PEM file; empty = one the system
    /// trusts.</summary>
    [RegularExpression("[A-Za-z0-9/._-]*", ErrorMessage = PathForm)]
    public string RootCertificate { get; init; } = "";

    /// <summary>Who we are there; empty = the server does not ask.</summary>
    public string User { get; init; } = "";

    /// <summary>File with the password.</summary>
    [RegularExpression("[A-Za-z0-9/._-]*", ErrorMessage = PathForm)]
    public string PasswordFile { get; init; } = "";

    /// <summary>The address notices come from.</summary>
    [RegularExpression(
        "([A-Za-z0-9._+-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,200})?", ErrorMessage = "an e-mail address, or empty")]
    public string From { get; init; } = "";

    /// <summary>The name beside it.</summary>
    [RegularExpression(@"[^\p{C}]{1,60}", ErrorMessage = "1 to 60 characters on one line")]
    public string FromName { get; init; } = "Digital Post";

    /// <summary>Connections of a worker, each kept for many messages.</summary>
    [Range(1, 32)]
    public int Connections { get; init; } = 4;

    /// <summary>Messages a second at most, of all workers together; 0 = no limit.</summary>
    [Range(0, 100_000)]
    public int PerSecond { get; init; } = 2_000;

    /// <summary>How long connecting, and handing over one message, may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
