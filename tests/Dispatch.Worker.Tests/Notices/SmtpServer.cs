using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Tests.Intake;

namespace Dispatch.Worker.Tests.Notices;

/// <summary>A real SMTP submission server on loopback (aiosmtpd): STARTTLS, then a login. How it treats a message is
/// told in <c>smtp_server.py</c>.</summary>
sealed class SmtpServer : IAsyncDisposable
{
    const string Python = "/usr/bin/python3";   // the system's, which has Debian's packages
    const string User = "dispatch";

    readonly string _folder = TestServer.NewFolder("smtp");
    readonly ConcurrentQueue<ReceivedMail> _received = [];
    Process? _server;
    Task _reading = Task.CompletedTask;

    public int Port { get; private set; }

    /// <summary>All it has taken, in order. A message is here before its sender knows that it was taken.</summary>
    public IReadOnlyList<ReceivedMail> Received => [.. _received];

    public EmailSettings Settings => new()
    {
        Host = "localhost",
        Port = Port,
        RootCertificate = Path.Combine(_folder, "ca.crt"),
        User = User,
        PasswordFile = Path.Combine(_folder, "password"),
        From = "post@dispatch.example",
        Connections = 2,
        Timeout = TimeSpan.FromSeconds(20),
    };

    public static async Task<SmtpServer> StartAsync()
    {
        var server = new SmtpServer();
        server.MakeCertificate();
        var password = RandomNumberGenerator.GetHexString(16);
        server.WriteSecret("password", password);
        server.WriteSecret("wrong", password + "x");
        var start = new ProcessStartInfo(Python) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[]
        {
            Repository.Find("tests/Dispatch.Worker.Tests/Notices/smtp_server.py"),
            server.PathOf("server.crt"), server.PathOf("server.key"), User, password,
        })
        {
            start.ArgumentList.Add(argument);
        }

        server._server = Process.Start(start)!;
        var port = await server._server.StandardOutput.ReadLineAsync();
        Assert.True(port is not null, "python3-aiosmtpd is not installed; ops/setup.sh installs it");
        server.Port = int.Parse(port, CultureInfo.InvariantCulture);
        server._reading = server.ReadAsync();
        return server;
    }

    /// <summary>Of a file in its folder: <c>wrong</c> holds a wrong password, <c>other.crt</c> another
    /// authority.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Waits until it has written this many messages down.</summary>
    public async Task<IReadOnlyList<ReceivedMail>> WaitForAsync(int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (_received.Count < count)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        return Received;
    }

    public async ValueTask DisposeAsync()
    {
        _server!.Kill();
        await _server.WaitForExitAsync();
        await _reading;
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    async Task ReadAsync()
    {
        while (await _server!.StandardOutput.ReadLineAsync() is { } line)
        {
            _received.Enqueue(JsonSerializer.Deserialize<ReceivedMail>(line, JsonSerializerOptions.Web)!);
        }
    }

    void MakeCertificate()
    {
        var (from, until) = (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var caRequest = new CertificateRequest("CN=Test authority", caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var ca = caRequest.CreateSelfSigned(from, until);
        File.WriteAllText(PathOf("ca.crt"), ca.ExportCertificatePem());
        using var otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var otherRequest = new CertificateRequest("CN=Other authority", otherKey, HashAlgorithmName.SHA256);
        otherRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var otherCa = otherRequest.CreateSelfSigned(from, until);
        File.WriteAllText(PathOf("other.crt"), otherCa.ExportCertificatePem());

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(ca, from, until, [1]);
        File.WriteAllText(PathOf("server.crt"), certificate.ExportCertificatePem());
        WriteSecret("server.key", key.ExportPkcs8PrivateKeyPem());
    }

    void WriteSecret(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        File.SetUnixFileMode(PathOf(name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
