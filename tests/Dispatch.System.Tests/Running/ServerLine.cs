using System.Net;
using System.Net.Sockets;

namespace Dispatch.System.Tests.Running;

/// <summary>The line to a server: passes, is cut, delays, loses one direction, breaks or falls silent after so many
/// bytes; that to a database server loses a commit or the reply to one.</summary>
sealed class ServerLine : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly EndPoint _server;
    readonly CancellationTokenSource _end = new();
    CancellationTokenSource _connections = new();
    Task _accepting = Task.CompletedTask;

    ServerLine(EndPoint server) => _server = server;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What is wrong with it; looked at before every write.</summary>
    public LineState State { get; } = new();

    /// <param name="server">Where it listens.</param>
    public static ServerLine Open(EndPoint server)
    {
        var line = new ServerLine(server);
        line._listener.Start();
        line._accepting = line.AcceptAsync();
        return line;
    }

    /// <summary>Breaks every connection there is.</summary>
    public void Cut()
    {
        var broken = Interlocked.Exchange(ref _connections, new());
        broken.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        State.Heal();
        _end.Cancel();
        Cut();
        _listener.Stop();
        await _accepting;
    }

    async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_end.Token), _connections.Token));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open);
        }
    }

    async Task CarryAsync(TcpClient client, CancellationToken cancel)
    {
        using var server = new Socket(_server.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        using (client)
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var connection = new LineConnection(State);
            try
            {
                client.NoDelay = true;
                await server.ConnectAsync(_server, both.Token);
                await using var there = new NetworkStream(server);
                var forth = connection.ForthAsync(client.GetStream(), there, both.Token);
                var back = connection.BackAsync(there, client.GetStream(), both.Token);
                if (await Task.WhenAny(forth, back) == forth)
                {
                    await forth;
                    server.Shutdown(SocketShutdown.Send); // it may have something to say still
                }

                await back;
            }
            catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException)
            {
                // One side has gone, as sides of a line do.
            }
            finally
            {
                await both.CancelAsync();
            }
        }
    }
}
