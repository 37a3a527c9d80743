using System.Net.Sockets;
using System.Text;

namespace Dispatch.Worker.Diagnostics;

/// <summary>Tells systemd how the service does, where it asked to be told (<c>Type=notify</c>).</summary>
static class ServiceNotice
{
    const string SocketVariable = "NOTIFY_SOCKET";

    /// <summary>It takes work.</summary>
    public static void Ready() => Send("READY=1");

    /// <summary>It lives; for the watchdog.</summary>
    public static void Alive() => Send("WATCHDOG=1");

    public static void Stopping() => Send("STOPPING=1");

    static void Send(string state)
    {
        if (Environment.GetEnvironmentVariable(SocketVariable) is not { Length: > 1 } path)
        {
            return;
        }

        // A name that begins with @ lies in no folder.
        var address = path[0] == '@' ? "\0" + path[1..] : path;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(address));
        }
        catch (SocketException)
        {
            // Nobody listens: then nobody waits for it either.
        }
    }
}
