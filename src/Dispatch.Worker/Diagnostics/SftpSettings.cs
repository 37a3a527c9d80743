using System.ComponentModel.DataAnnotations;

namespace Dispatch.Worker.Diagnostics;

/// <summary>The print house's SFTP server. Names and paths hold plain characters only, so that none needs
/// quoting.</summary>
sealed record SftpSettings
{
    const string PlainPath = "[A-Za-z0-9/._-]*";
    const string PathForm = "a path of plain letters, digits, '/', '.', '_' and '-'";

    /// <summary>Name or address of the server; empty = hand off by folder.</summary>
    [RegularExpression(
        "([A-Za-z0-9][A-Za-z0-9.-]*)?", ErrorMessage = "a server's name or IPv4 address in plain letters, or empty")]
    public string Host { get; init; } = "";

    /// <summary>Its port.</summary>
    [Range(1, 65_535)]
    public int Port { get; init; } = 22;

    /// <summary>The user we are there.</summary>
    [RegularExpression("[a-z_][a-z0-9_.-]*", ErrorMessage = "a user's name in lower-case letters")]
    public string User { get; init; } = "dispatch";

    /// <summary>The folder there.</summary>
    [RegularExpression("[A-Za-z0-9/._][A-Za-z0-9/._-]*", ErrorMessage = PathForm)]
    public string Folder { get; init; } = ".";

    /// <summary>Our private key, full path; without a passphrase.</summary>
    [RegularExpression(PlainPath, ErrorMessage = PathForm)]
    public string KeyFile { get; init; } = "";

    /// <summary>The pinned host keys of the server, full path; no other key is accepted.</summary>
    [RegularExpression(PlainPath, ErrorMessage = PathForm)]
    public string KnownHostsFile { get; init; } = "";

    /// <summary>How long the connection may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the files of one batch may take.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "12:00:00")]
    public TimeSpan TransferTimeout { get; init; } = TimeSpan.FromMinutes(30);
}
