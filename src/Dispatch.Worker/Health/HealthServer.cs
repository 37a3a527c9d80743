using System.Net;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Dispatch.Worker.Health;

/// <summary>
/// Answers <c>/health/live</c>, <c>/health/ready</c> and <c>/metrics</c>, to whoever can connect. It looks at method
/// and path and at nothing else of a request, and logs none.
/// </summary>
/// <param name="gate">Why the worker takes nothing; empty = it does.</param>
sealed class HealthServer(Func<string> gate, MetricsPage metrics) : IHttpApplication<HttpContext>, IAsyncDisposable
{
    const int ConnectionsMax = 32;
    const int RequestBytesMax = 4_096;

    static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(5);
    static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(60);

    KestrelServer? _server;

    /// <summary>Where to listen, as the settings say.</summary>
    /// <exception cref="DispatchException"><c>health.address</c>, exit 78.</exception>
    public static IPEndPoint Where(HealthSettings settings) => IPAddress.TryParse(settings.Address, out var address)
        ? new(address, settings.Port)
        : throw new DispatchException(
            "health.address", "Health:Address is no IP address; expected one such as 127.0.0.1",
            ExitCode.Configuration);

    /// <returns>The port: a free one, where none was said.</returns>
    /// <exception cref="DispatchException"><c>health.port</c>, exit 78.</exception>
    public async Task<int> StartAsync(IPEndPoint where, CancellationToken ct)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Listen(where, listen => listen.Protocols = HttpProtocols.Http1);
        options.Limits.MaxConcurrentConnections = ConnectionsMax;
        options.Limits.MaxRequestBodySize = 0;
        options.Limits.MaxRequestLineSize = RequestBytesMax;
        options.Limits.MaxRequestHeadersTotalSize = RequestBytesMax;
        options.Limits.RequestHeadersTimeout = RequestLimit;
        options.Limits.KeepAliveTimeout = IdleLimit;
        var transport = new SocketTransportFactory(
            Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        _server = new(Options.Create(options), transport, NullLoggerFactory.Instance);
        try
        {
            await _server.StartAsync(this, ct);
            return new Uri(_server.Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        }
        catch (Exception fault) when (fault is IOException or System.Net.Sockets.SocketException)
        {
            throw new DispatchException(
                "health.port",
                $"nothing can listen on Health:Address and Health:Port {where.Port}; "
                + "expected an address of this machine and a port nobody listens on; "
                + "set another one, or 0 for none",
                ExitCode.Configuration, fault);
        }
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        var (status, text) = isRead
            ? await AnswerAsync(context.Request.Path, context.RequestAborted)
            : (StatusCodes.Status405MethodNotAllowed, "only GET\n");
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.WriteAsync(text, context.RequestAborted);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            // Whoever still reads an answer is cut off.
            await _server.StopAsync(new CancellationToken(canceled: true));
            _server.Dispose();
        }

        metrics.Dispose();
    }

    async Task<(int Status, string Text)> AnswerAsync(string? path, CancellationToken ct)
    {
        switch (path)
        {
            case "/health/live":
                return (StatusCodes.Status200OK, "live\n");
            case "/health/ready":
                var code = gate();
                return code.Length == 0
                    ? (StatusCodes.Status200OK, "ready\n")
                    : (StatusCodes.Status503ServiceUnavailable, $"{code}\n");
            case "/metrics":
                return (StatusCodes.Status200OK, await metrics.WriteAsync(ct));
            default:
                return (StatusCodes.Status404NotFound, "not found\n");
        }
    }
}
