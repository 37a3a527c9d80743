using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Server;

/// <summary>A database behind TLS: the certificate must be of the authority that the connection string names, and for
/// that host.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    readonly ServerCluster _cluster = new("tls") { Port = FreePort() };
    readonly string _folder = TestFolder.Create("tls-keys");

    public async Task InitializeAsync()
    {
        await AuthorityAsync("ours");
        await AuthorityAsync("theirs");
        await OpenSslAsync("req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr");
        await File.WriteAllTextAsync(Path.Combine(_folder, "names"), "subjectAltName=DNS:localhost");
        await OpenSslAsync(
            "x509 -req -in server.csr -CA ours.crt -CAkey ours.key -days 2 -extfile names -out server.crt");
        await _cluster.StartAsync(_folder);
        await _cluster.CreateDatabaseAsync("tls");
    }

    public async Task DisposeAsync()
    {
        await _cluster.StopAsync();
        TestFolder.Remove(_folder);
    }

    [Theory]
    [InlineData("localhost", "ours", 0)]
    [InlineData("localhost", "theirs", 78)]   // not of our authority
    [InlineData("127.0.0.1", "ours", 78)]   // not this host's
    public async Task Migrate_OverTls_TrustsTheNamedAuthorityAndHostOnly(string host, string authority, int exit)
    {
        var site = new Site(
            $"tls-{authority}-{host}",
            $"Host={host};Port={_cluster.Port};Database=tls;Username=postgres;SSL Mode=VerifyFull;"
            + $"Root Certificate={Path.Combine(_folder, authority + ".crt")}");

        var result = await site.RunAsync("migrate");

        if (exit == 0)
        {
            result.Expect(0);
        }
        else
        {
            result.ExpectError(exit, "database.certificate");
        }

        await site.CloseAsync();
    }

    Task AuthorityAsync(string name) => OpenSslAsync(
        $"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={name} -keyout {name}.key -out {name}.crt");

    async Task OpenSslAsync(string arguments) =>
        (await Command.RunAsync("env", [$"--chdir={_folder}", "openssl", .. arguments.Split(' ')])).Expect(0);

    static int FreePort()
    {
        using var listener = new global::System.Net.Sockets.TcpListener(global::System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((global::System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
