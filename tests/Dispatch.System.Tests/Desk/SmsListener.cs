using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Dispatch.System.Tests.Desk;

/// <summary>A gateway that takes every SMS.</summary>
sealed class SmsListener : IDisposable
{
    readonly HttpListener _listener;

    public SmsListener()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Url = string.Create(
                CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
        }

        _listener = new HttpListener { Prefixes = { Url } };
        _listener.Start();
        _ = ServeAsync();
    }

    public string Url { get; }

    /// <summary>To whom, the idempotency key, and what it says.</summary>
    public ConcurrentQueue<(string To, string Key, string Text)> Received { get; } = [];

    public void Dispose() => ((IDisposable)_listener).Dispose();

    async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                var sms = (await JsonDocument.ParseAsync(context.Request.InputStream)).RootElement;
                Received.Enqueue((
                    sms.GetProperty("to").GetString()!, context.Request.Headers["Idempotency-Key"]!,
                    sms.GetProperty("text").GetString()!));
                context.Response.StatusCode = 202;
                context.Response.Close();
            }
            catch (HttpListenerException) when (_listener.IsListening)
            {
                // Whoever asked was killed meanwhile.
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
