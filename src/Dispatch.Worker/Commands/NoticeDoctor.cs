using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Notices;

namespace Dispatch.Worker.Commands;

/// <summary>Tries the SMTP server of notices up to its login, and looks at what the SMS gateway is to be asked with. That
/// one is not called: it would send.</summary>
static class NoticeDoctor
{
    public static async Task<IReadOnlyList<Finding>> LookAsync(
        NoticeSettings settings, TimeProvider time, CancellationToken ct)
    {
        var findings = new List<Finding>();
        if (settings.Email.Host.Length > 0)
        {
            findings.Add(await LookAsync("notices by e-mail", () => EmailAsync(settings, time, ct)));
        }

        if (settings.Sms.Url.Length > 0)
        {
            findings.Add(await LookAsync("notices by SMS", () => Task.FromResult(Sms(settings))));
        }

        return findings;
    }

    static async Task<Finding> LookAsync(string check, Func<Task<(Verdict, string, string)>> look)
    {
        try
        {
            var (verdict, found, advice) = await look();
            return new(check, verdict, found, advice);
        }
        catch (DispatchException fault)
        {
            return new(check, Verdict.Wrong, fault.Code, fault.Message);
        }
    }

    static async Task<(Verdict Verdict, string Found, string Advice)> EmailAsync(
        NoticeSettings settings, TimeProvider time, CancellationToken ct)
    {
        NoticeRules.Check(settings);
        var email = settings.Email;
        var password = SecretFile.Read(email.PasswordFile, "Notices:Email:PasswordFile");
        await using var carrier = new EmailCarrier(email, password, new(email.RootCertificate), time);
        return await carrier.ReachAsync(ct) switch
        {
            null => (Verdict.Good, $"'{email.Host}' lets us in", ""),
            EmailCarrier.Unreachable => (
                Verdict.Unavailable, EmailCarrier.Unreachable, $"let '{email.Host}' answer on port {email.Port}"),
            var fault => (
                Verdict.Wrong, fault, "look at Tls, RootCertificate, User and PasswordFile of Notices:Email"),
        };
    }

    static (Verdict Verdict, string Found, string Advice) Sms(NoticeSettings settings)
    {
        NoticeRules.Check(settings);
        _ = SecretFile.Read(settings.Sms.TokenFile, "Notices:Sms:TokenFile");
        _ = new CertificateTrust(settings.Sms.RootCertificate);
        return (Verdict.Good, "token and certificate can be read; the gateway was not called", "");
    }
}
