using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Notices;

/// <summary>Posts SMS to the gateway. Its answers count by their status alone.</summary>
/// <param name="token">Empty = none is sent.</param>
sealed class SmsCarrier(SmsSettings settings, string token, CertificateTrust trust, TimeProvider time) : INoticeCarrier
{
    static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(5);   // then the name is looked up again

    readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,   // where a message goes is the operator's to say
        UseCookies = false,
        ConnectTimeout = settings.Timeout,
        PooledConnectionLifetime = ConnectionLife,
        SslOptions = { RemoteCertificateValidationCallback = trust.Callback },
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task<CarrierAnswer> SendAsync(NoticeMessage message, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.Url)
        {
            Content = JsonContent.Create(new { to = message.To, from = settings.From, text = message.Text }),
        };
        request.Headers.Add("Idempotency-Key", message.Key);
        if (token.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using var limit = new CancellationTokenSource(settings.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return Of(answer.StatusCode);
        }
        catch (HttpRequestException fault) when (fault.HttpRequestError is HttpRequestError.ConnectionError
            or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError)
        {
            return CarrierAnswer.Away("sms.unreachable");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException
            || (fault is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return CarrierAnswer.Later("sms.lost");
        }
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    // 400 and 422 are about this message. A gateway that knows us no more, or has enough, says so of every message.
    static CarrierAnswer Of(HttpStatusCode status)
    {
        var code = string.Create(CultureInfo.InvariantCulture, $"sms.{(int)status}");
        return (int)status switch
        {
            >= 200 and < 300 => CarrierAnswer.Taken,
            400 or 422 => CarrierAnswer.Never(code),
            408 or 409 or 500 => CarrierAnswer.Later(code),
            _ => CarrierAnswer.Away(code),
        };
    }
}
