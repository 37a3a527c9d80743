using System.Text;
using MimeKit;

namespace Dispatch.Worker.Tests.Notices;

/// <param name="Connection">Of the server, counted from 1.</param>
/// <param name="Data">Headers and body as they came.</param>
sealed record ReceivedMail(int Connection, string From, IReadOnlyList<string> To, string? Login, bool Tls, string Data)
{
    /// <summary>Names and values of the headers, unfolded.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers =>
    [
        .. Data[..Data.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Replace("\r\n ", " ", StringComparison.Ordinal)
            .Replace("\r\n\t", " ", StringComparison.Ordinal).Split("\r\n")
            .Select(line => line.Split(':', 2)).Select(parts => (parts[0], parts[1].Trim())),
    ];

    public string Header(string name) => Headers.Single(h => h.Name == name).Value;

    /// <summary>What it says, decoded.</summary>
    public string Text => Parse().TextBody!.ReplaceLineEndings("\n");

    public string Subject => Parse().Subject!;

    MimeMessage Parse() => MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes(Data)));
}
