using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.PrintHouse;

/// <summary>
/// A print house's own OpenSSH server on loopback, behind a line that can be cut. It serves files and nothing else, to
/// an account without rights where the tests may choose one.
/// </summary>
public sealed class SftpHouse : IAsyncLifetime
{
    const string Account = "nobody";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    readonly string _root = TestFolder.Create("sftp-house");
    readonly int _port = FreePort();
    Process? _server;

    /// <summary>Where the client finds the server.</summary>
    internal ServerLine Line { get; private set; } = null!;

    /// <summary>The client's private key.</summary>
    internal string KeyFile => Path.Combine(_root, "client");

    /// <summary>Files with the right and with a wrong host key in them.</summary>
    internal string KnownHosts => Path.Combine(_root, "known_hosts");

    internal string WrongKnownHosts => Path.Combine(_root, "wrong_hosts");

    internal static bool IsServedByAnother => Environment.UserName == "root";

    internal static string User => IsServedByAnother ? Account : Environment.UserName;

    /// <summary>How often somebody logged in.</summary>
    internal int Sessions => Log.Split("Accepted publickey").Length - 1;

    /// <summary>How many files were opened for writing.</summary>
    internal int Uploads => Log.Split("flags WRITE").Length - 1;

    string Log => File.Exists(Path.Combine(_root, "log")) ? File.ReadAllText(Path.Combine(_root, "log")) : "";

    public async Task InitializeAsync()
    {
        foreach (var key in new[] { "client", "host", "other" })
        {
            string[] command = ["-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(_root, key)];
            (await Command.RunAsync("ssh-keygen", command)).Expect(0);
        }

        Line = ServerLine.Open(new IPEndPoint(IPAddress.Loopback, _port));
        await PinAsync("host", KnownHosts);
        await PinAsync("other", WrongKnownHosts);
        await WriteConfigurationAsync();
        Directory.CreateDirectory("/run/sshd");
        _server = Process.Start(new ProcessStartInfo(
            "/usr/sbin/sshd", ["-D", "-f", $"{_root}/sshd_config", "-E", $"{_root}/log"]));
        using var limit = new CancellationTokenSource(Patience);
        while (!await AnswersAsync(limit.Token))
        {
            await Task.Yield();
        }
    }

    public async Task DisposeAsync()
    {
        await Line.DisposeAsync();
        _server!.Kill(entireProcessTree: true);
        await _server.WaitForExitAsync();
        TestFolder.Remove(_root);
    }

    /// <summary>A folder on the server that belongs to its account.</summary>
    internal async Task<string> FolderAsync(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, name)).FullName;
        (await Command.RunAsync("chown", [User, folder])).Expect(0);
        return folder;
    }

    /// <summary>Settings of a print house that this is, as a command takes them.</summary>
    internal string[] Settings(string house, string folder, string? knownHosts = null) =>
    [
        .. new (string Key, string Value)[]
        {
            ("Host", "127.0.0.1"), ("Port", Line.Port.ToString(CultureInfo.InvariantCulture)),
            ("User", User), ("Folder", folder),
            ("KeyFile", KeyFile), ("KnownHostsFile", knownHosts ?? KnownHosts),
        }.SelectMany(setting => new[] { "--set", $"Printing:PrintHouses:{house}:Sftp:{setting.Key}={setting.Value}" }),
    ];

    async Task PinAsync(string key, string file)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(_root, key + ".pub"));
        await File.WriteAllTextAsync(
            file, string.Create(CultureInfo.InvariantCulture, $"[127.0.0.1]:{Line.Port} {text}"));
    }

    Task WriteConfigurationAsync()
    {
        File.Copy(Path.Combine(_root, "client.pub"), Path.Combine(_root, "authorized_keys"));
        return File.WriteAllTextAsync(Path.Combine(_root, "sshd_config"), $"""
            Port {_port}
            ListenAddress 127.0.0.1
            HostKey {_root}/host
            AuthorizedKeysFile {_root}/authorized_keys
            AllowUsers {User}
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            Subsystem sftp internal-sftp -l VERBOSE
            ForceCommand internal-sftp -l VERBOSE
            LogLevel VERBOSE

            """);
    }

    async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, _port, cancel);
            return true;
        }
        catch (SocketException)
        {
            Assert.False(_server!.HasExited, Log);
            return false;
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
