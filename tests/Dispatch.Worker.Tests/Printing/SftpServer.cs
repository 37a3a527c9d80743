using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Tests.Printing;

/// <summary>
/// A real OpenSSH server on loopback with keys and a folder of its own, run by the user who runs the tests.
/// </summary>
sealed class SftpServer : IAsyncDisposable
{
    const string Program = "/usr/sbin/sshd";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    readonly string _root = TestServer.NewFolder("sftp");
    Process? _server;

    public int Port { get; private set; }

    /// <summary>What the print house sees.</summary>
    public string Folder => Path.Combine(_root, "taken");

    public SftpSettings Settings => new()
    {
        Host = "127.0.0.1",
        Port = Port,
        User = Environment.UserName,
        Folder = Folder,
        KeyFile = Path.Combine(_root, "client"),
        KnownHostsFile = Path.Combine(_root, "known_hosts"),
        ConnectTimeout = TimeSpan.FromSeconds(20),
        TransferTimeout = TimeSpan.FromSeconds(60),
    };

    /// <summary>All that the server has written about its sessions.</summary>
    public string Log => File.ReadAllText(Path.Combine(_root, "log"));

    public static async Task<SftpServer> StartAsync()
    {
        Assert.True(File.Exists(Program), "openssh-server is not installed; ops/setup.sh installs it");
        var server = new SftpServer { Port = FreePort() };
        Directory.CreateDirectory(server.Folder);
        await server.MakeKeyAsync("client");
        await server.MakeKeyAsync("host");
        server.Authorize("client");
        await server.PinAsync("host");
        await server.RunAsync();
        return server;
    }

    /// <summary>Starts again, with a host key that nobody has seen.</summary>
    public async Task ChangeHostKeyAsync()
    {
        await StopAsync();
        File.Delete(Path.Combine(_root, "host"));
        await MakeKeyAsync("host");
        await RunAsync();
    }

    public async Task PinAsync(string key)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(_root, key + ".pub"));
        await File.WriteAllTextAsync(
            Path.Combine(_root, "known_hosts"),
            string.Create(CultureInfo.InvariantCulture, $"[127.0.0.1]:{Port} {text}"));
    }

    public void Authorize(string? key) => File.WriteAllText(
        Path.Combine(_root, "authorized_keys"), key is null ? "" : File.ReadAllText(Path.Combine(_root, key + ".pub")));

    public async Task StopAsync()
    {
        _server!.Kill(entireProcessTree: true);
        await _server.WaitForExitAsync();
        _server.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_root, recursive: true);
    }

    async Task RunAsync()
    {
        if (Libc.IsRoot)
        {
            Directory.CreateDirectory("/run/sshd"); // where the server locks itself in
        }

        // Its own log of every file, which the server built into sshd would send to syslog.
        await File.WriteAllTextAsync(
            Path.Combine(_root, "serve"), $"exec /usr/lib/openssh/sftp-server -e -l VERBOSE 2>>{_root}/log\n");
        await File.WriteAllTextAsync(Path.Combine(_root, "sshd_config"), $"""
            Port {Port}
            ListenAddress 127.0.0.1
            HostKey {_root}/host
            AuthorizedKeysFile {_root}/authorized_keys
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin prohibit-password
            Subsystem sftp /bin/sh {_root}/serve
            LogLevel VERBOSE

            """);
        _server = Process.Start(Program, ["-D", "-f", $"{_root}/sshd_config", "-E", $"{_root}/log"]);
        using var limit = new CancellationTokenSource(Patience);
        while (!await AnswersAsync(limit.Token))
        {
            await Task.Yield();
        }
    }

    async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port, cancel);
            return true;
        }
        catch (SocketException)
        {
            Assert.False(_server!.HasExited, File.Exists(Path.Combine(_root, "log")) ? Log : "sshd ended at once");
            return false;
        }
    }

    async Task MakeKeyAsync(string name)
    {
        string[] command = ["-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(_root, name)];
        using var made = Process.Start("ssh-keygen", command);
        await made.WaitForExitAsync();
        Assert.Equal(0, made.ExitCode);
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
