using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Dispatch.Worker.Diagnostics;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Dispatch.Worker.Notices;

/// <summary>Submits e-mails over one connection, which is kept.</summary>
/// <param name="password">Of the settings' user; empty = none.</param>
sealed class EmailCarrier(EmailSettings settings, string password, CertificateTrust trust, TimeProvider time)
    : INoticeCarrier
{
    public const string Unreachable = "email.unreachable";

    /// <summary>Servers close connections that say nothing; a new one costs less than a lost message.</summary>
    static readonly TimeSpan IdleMax = TimeSpan.FromSeconds(20);

    readonly MailboxAddress _from = new(settings.FromName, settings.From);
    readonly string _domain = settings.From[(settings.From.IndexOf('@', StringComparison.Ordinal) + 1)..];
    SmtpClient? _client;
    long _usedAt;

    public async Task<CarrierAnswer> SendAsync(NoticeMessage message, CancellationToken ct)
    {
        using var mail = Compose(message);
        if (await ReachAsync(ct) is { } away)
        {
            return CarrierAnswer.Away(away);
        }

        using var limit = new CancellationTokenSource(settings.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);

        // Plain letters are what every server takes; the domain is written in them anyway.
        if (!_client!.Capabilities.HasFlag(SmtpCapabilities.UTF8)
            && !Ascii.IsValid(message.To.AsSpan(0, message.To.LastIndexOf('@'))))
        {
            return CarrierAnswer.Never("email.international");
        }

        try
        {
            await _client.SendAsync(mail, _from, mail.To.Mailboxes, either.Token);
            _usedAt = time.GetTimestamp();
            return CarrierAnswer.Taken;
        }
        catch (SmtpCommandException refusal)
        {
            return Of(refusal);
        }
        catch (ServiceNotAuthenticatedException)
        {
            Close();
            return CarrierAnswer.Away("email.login");
        }
        catch (Exception fault) when (!ct.IsCancellationRequested && IsOfConnection(fault))
        {
            Close();
            return CarrierAnswer.Later("email.lost");
        }
    }

    /// <summary>Connects and logs in, unless that was done a moment ago.</summary>
    /// <returns>What keeps us from it: <c>email.unreachable</c>, <c>email.tls</c>, <c>email.login</c>; null =
    /// nothing.</returns>
    public async Task<string?> ReachAsync(CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(settings.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            if (_client is not { IsConnected: true } || time.GetElapsedTime(_usedAt) > IdleMax)
            {
                await ConnectAsync(either.Token);
            }

            return null;
        }
        catch (Exception fault) when (!ct.IsCancellationRequested && IsOfConnection(fault))
        {
            Close();
            return fault switch
            {
                SslHandshakeException or NotSupportedException => "email.tls",
                AuthenticationException or SaslException => "email.login",
                _ => Unreachable,
            };
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is { IsConnected: true })
        {
            using var limit = new CancellationTokenSource(settings.Timeout, time);
            try
            {
                await _client.DisconnectAsync(quit: true, limit.Token);
            }
            catch (Exception fault) when (IsOfConnection(fault))
            {
                // It is gone, as was wanted.
            }
        }

        Close();
    }

    MimeMessage Compose(NoticeMessage message)
    {
        var mail = new MimeMessage
        {
            MessageId = $"{message.Key}@{_domain}",
            Date = time.GetUtcNow(),
            Subject = message.Subject,
            Body = new TextPart("plain") { Text = message.Text },
        };
        mail.From.Add(_from);
        mail.To.Add(new MailboxAddress(name: null, message.To));
        mail.Headers.Add("Auto-Submitted", "auto-generated");   // RFC 3834: no answers by machines
        return mail;
    }

    async Task ConnectAsync(CancellationToken ct)
    {
        Close();
        _client = new SmtpClient
        {
            Timeout = (int)settings.Timeout.TotalMilliseconds,
            CheckCertificateRevocation = false,   // the machine need not reach the authority's servers
            ServerCertificateValidationCallback = trust.Callback,
        };
        var how = settings.Tls switch
        {
            EmailTls.Implicit => SecureSocketOptions.SslOnConnect,
            EmailTls.None => SecureSocketOptions.None,
            _ => SecureSocketOptions.StartTls,
        };
        await _client.ConnectAsync(settings.Host, settings.Port, how, ct);
        if (settings.User.Length > 0)
        {
            await _client.AuthenticateAsync(settings.User, password, ct);
        }

        _usedAt = time.GetTimestamp();
    }

    void Close()
    {
        _client?.Dispose();
        _client = null;
    }

    // Only what the server says of the address is for good. What it says of the message or of us may be about every
    // message: a nation's notices must not be given up for a setting of the server's.
    static CarrierAnswer Of(SmtpCommandException refusal)
    {
        var code = string.Create(CultureInfo.InvariantCulture, $"email.{(int)refusal.StatusCode}");
        return refusal switch
        {
            { StatusCode: SmtpStatusCode.ServiceNotAvailable } => CarrierAnswer.Away(code),
            { ErrorCode: SmtpErrorCode.SenderNotAccepted } => CarrierAnswer.Away(code),
            { ErrorCode: SmtpErrorCode.RecipientNotAccepted } when (int)refusal.StatusCode >= 500 =>
                CarrierAnswer.Never(code),
            _ => CarrierAnswer.Later(code),
        };
    }

    static bool IsOfConnection(Exception fault) => fault is IOException or SocketException or ProtocolException
        or OperationCanceledException or TimeoutException or SslHandshakeException or AuthenticationException
        or SaslException or ServiceNotConnectedException or ServiceNotAuthenticatedException or CommandException
        or NotSupportedException;
}
