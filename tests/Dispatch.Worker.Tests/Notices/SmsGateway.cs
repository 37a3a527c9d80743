using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Tests.Notices;

/// <summary>An SMS gateway on loopback that answers what the test says, message by message.</summary>
sealed class SmsGateway : IAsyncDisposable
{
    readonly HttpListener _listener = new();
    readonly ConcurrentQueue<ReceivedSms> _received = [];
    readonly Task _serving;

    public SmsGateway()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Url = string.Create(
                CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/sms/");
        }

        _listener.Prefixes.Add(Url);
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url { get; }

    /// <summary>Status for a message and how often its key came before; 0 = none at all, while the gateway lives.
    /// </summary>
    public Func<ReceivedSms, int, int> Answer { get; set; } = (_, _) => 202;

    public IReadOnlyList<ReceivedSms> Received => [.. _received];

    public SmsSettings Settings => new() { Url = Url, Connections = 2, PerSecond = 0, Hours = "00:00-00:00" };

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            var body = await JsonDocument.ParseAsync(context.Request.InputStream);
            var sms = new ReceivedSms(
                context.Request.Headers["Idempotency-Key"]!, context.Request.Headers["Authorization"],
                body.RootElement.GetProperty("to").GetString()!, body.RootElement.GetProperty("from").GetString()!,
                body.RootElement.GetProperty("text").GetString()!);
            var before = _received.Count(s => s.Key == sms.Key);
            _received.Enqueue(sms);
            if (Answer(sms, before) is > 0 and var status)
            {
                context.Response.StatusCode = status;
                context.Response.Headers["Location"] = Url + "elsewhere";
                context.Response.Close();
            }
        }
    }
}

sealed record ReceivedSms(string Key, string? Authorization, string To, string From, string Text);
