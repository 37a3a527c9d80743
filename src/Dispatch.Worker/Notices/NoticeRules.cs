using System.Net;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Notices;

/// <summary>What the settings of notices must be together: nobody's address may travel in the clear.</summary>
static class NoticeRules
{
    /// <exception cref="DispatchException"><c>notices.settings</c>, exit 78.</exception>
    public static void Check(NoticeSettings settings)
    {
        var (email, sms) = (settings.Email, settings.Sms);
        if (email.Host.Length > 0)
        {
            Demand(email.From.Length > 0, "Notices:Email:From is empty", "the address notices come from");
            Demand(
                email.User.Length == 0 || email.PasswordFile.Length > 0, "Notices:Email:PasswordFile is empty",
                "a file with the password of Notices:Email:User");
            Demand(
                email.Tls != EmailTls.None || IsThisMachine(email.Host),
                "Notices:Email:Tls is None and the server is another machine", "StartTls or Implicit");
        }

        if (sms.Url.Length > 0)
        {
            Demand(
                Uri.TryCreate(sms.Url, UriKind.Absolute, out var url)
                && (url.Scheme == Uri.UriSchemeHttps || IsThisMachine(url.Host)),
                "Notices:Sms:Url is no https address", "one that begins with https://");
        }
    }

    static bool IsThisMachine(string host) =>
        host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    static void Demand(bool isMet, string found, string expected)
    {
        if (!isMet)
        {
            throw new DispatchException(
                "notices.settings", $"{found}; expected {expected}; see docs/configuration.md", ExitCode.Configuration);
        }
    }
}
