using System.Net;
using System.Net.Sockets;

namespace Dispatch.System.Tests.PrintHouse;

/// <summary>A line to a server that can be cut, or go silent, after so many bytes of one connection.</summary>
sealed class CutLine : IAsyncDisposable
{
    const int BufferBytes = 16 * 1024;

    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _end = new();
    readonly int _to;
    Task _accepting = Task.CompletedTask;
    CancellationTokenSource _connections = new();
    TaskCompletionSource _reached = new();
    long _limit = long.MaxValue;
    bool _isSilent;

    CutLine(int to) => _to = to;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The limit was reached.</summary>
    public Task Reached => _reached.Task;

    public static CutLine Open(int to)
    {
        var line = new CutLine(to);
        line._listener.Start();
        line._accepting = line.AcceptAsync();
        return line;
    }

    /// <summary>Lets so many bytes to the server pass in each connection, then breaks it.</summary>
    public void CutAfter(long bytes) => (_limit, _isSilent, _reached) = (bytes, false, new());

    /// <summary>Lets so many bytes to the server pass in each connection, then nothing more.</summary>
    public void FallSilentAfter(long bytes) => (_limit, _isSilent, _reached) = (bytes, true, new());

    /// <summary>Breaks what is open; from now on everything passes.</summary>
    public void Mend()
    {
        _limit = long.MaxValue;
        _connections.Cancel();
        _connections = new();
    }

    public async ValueTask DisposeAsync()
    {
        _end.Cancel();
        _connections.Cancel();
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
        using var server = new TcpClient();
        using (client)
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _to, both.Token);
                var back = server.GetStream().CopyToAsync(client.GetStream(), both.Token);
                await ForthAsync(client.GetStream(), server.GetStream(), both.Token);
                server.Client.Shutdown(SocketShutdown.Send);
                await back;
            }
            catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException)
            {
                both.Cancel(); // one side has gone, as sides of a line do
            }
        }
    }

    async Task ForthAsync(Stream from, Stream to, CancellationToken cancel)
    {
        var buffer = new byte[BufferBytes];
        var passed = 0L;
        for (int read; (read = await from.ReadAsync(buffer, cancel)) > 0; passed += read)
        {
            if (passed + read > _limit)
            {
                await to.WriteAsync(buffer.AsMemory(0, (int)Math.Max(0, _limit - passed)), cancel);
                _reached.TrySetResult();
                if (!_isSilent)
                {
                    throw new IOException("the line was cut");
                }

                await new TaskCompletionSource().Task.WaitAsync(cancel);
            }

            await to.WriteAsync(buffer.AsMemory(0, read), cancel);
        }
    }
}
