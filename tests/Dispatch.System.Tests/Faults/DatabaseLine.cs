using System.Net;
using System.Net.Sockets;

namespace Dispatch.System.Tests.Faults;

/// <summary>The line between workers and their database server: passes, is cut, delays, loses one direction, breaks
/// after so many bytes, or loses a commit or the reply to one.</summary>
sealed class DatabaseLine : IAsyncDisposable
{
    readonly TcpListener _listener;
    readonly string _socket;
    readonly CancellationTokenSource _end = new();
    CancellationTokenSource _connections = new();
    Task _accepting = Task.CompletedTask;

    DatabaseLine(string socket, IPAddress address)
    {
        (_socket, _listener) = (socket, new(address, 0));
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What is wrong with it; looked at before every write.</summary>
    public LineState State { get; } = new();

    /// <param name="socket">Path of the server's Unix socket.</param>
    /// <param name="address">Where workers reach it; null = loopback.</param>
    public static DatabaseLine Open(string socket, IPAddress? address = null)
    {
        var line = new DatabaseLine(socket, address ?? IPAddress.Loopback);
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
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using (client)
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var connection = new LineConnection(State);
            try
            {
                client.NoDelay = true;
                await server.ConnectAsync(new UnixDomainSocketEndPoint(_socket), both.Token);
                await using var there = new NetworkStream(server);
                await await Task.WhenAny(
                    connection.ForthAsync(client.GetStream(), there, both.Token),
                    connection.BackAsync(there, client.GetStream(), both.Token));
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
