using System.Diagnostics;
using System.Globalization;
using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Diagnostics;
using Npgsql;

namespace Dispatch.Worker.Tests.Database;

public sealed class EmbeddedServerTests : IDisposable
{
    readonly string _folder = TestServer.NewFolder("embedded");

    DispatchSettings Settings => new()
    {
        DataFolder = _folder,
        Database = new DatabaseSettings { SharedBuffersMiB = 64 },
    };

    string PidFile => Path.Combine(_folder, "postgres", "postmaster.pid");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task StartAsync_NewFolder_IsDurableAndListensOnTheSocketOnly()
    {
        await using var server = await StartAsync();

        Assert.Equal("", await AskAsync(server, "show listen_addresses"));
        Assert.Equal("on", await AskAsync(server, "show data_checksums"));
        Assert.Equal("on", await AskAsync(server, "show fsync"));
        Assert.Equal("on", await AskAsync(server, "show synchronous_commit"));
        Assert.Equal("on", await AskAsync(server, "show full_page_writes"));
        Assert.Equal("UTF8", await AskAsync(server, "show server_encoding"));
        Assert.Equal(
            "C.UTF-8", await AskAsync(server, "select datcollate from pg_database where datname = 'dispatch'"));
        Assert.DoesNotContain("trust", await File.ReadAllTextAsync(Path.Combine(_folder, "postgres", "pg_hba.conf")));
    }

    [Fact]
    public async Task StartAsync_Auditor_CanLogInAndIsNoSuperuser()
    {
        await using var server = await StartAsync();

        Assert.Equal("off", await AskAsync(server, "show is_superuser", "dispatch_auditor"));
        Assert.Equal("off", await AskAsync(server, "show is_superuser", EmbeddedRoles.Owner));
    }

    [Fact]
    public async Task DisposeAsync_LastUser_StopsTheServer()
    {
        var first = await StartAsync();
        var second = await StartAsync();

        await first.DisposeAsync();
        Assert.Equal("1", await AskAsync(second, "select '1'"));
        Assert.True(File.Exists(PidFile));

        await second.DisposeAsync();
        Assert.False(File.Exists(PidFile));
    }

    [Fact]
    public async Task DisposeAsync_ServerIsSlowToStop_WaitsForIt()
    {
        var server = await StartAsync();
        var pid = await ReadPidAsync(PidFile);
        await SignalAsync(pid, "STOP");

        var stopping = server.DisposeAsync().AsTask();
        try
        {
            // Longer than the server is given to stop at once.
            Assert.NotSame(stopping, await Task.WhenAny(stopping, Task.Delay(TimeSpan.FromSeconds(1))));
        }
        finally
        {
            await SignalAsync(pid, "CONT");
        }

        await stopping;
        Assert.False(File.Exists(PidFile));
    }

    [Fact]
    public async Task StartAsync_FourAtOnceInNewFolder_ShareOneServer()
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => StartAsync()));

        var started = await Task.WhenAll(servers.Select(s => AskAsync(s, "select pg_postmaster_start_time()::text")));
        Assert.Single(started.Distinct());
        await Task.WhenAll(servers.Select(s => s.DisposeAsync().AsTask()));
        Assert.False(File.Exists(PidFile));
    }

    [Fact]
    public async Task StartAsync_ServerWasKilled_StartsItAgainWithItsData()
    {
        await using (var server = await StartAsync())
        {
            await AskAsync(server, "create table public.kept (x int); select 'done'", ServerConfiguration.Superuser);
            using var process = Process.GetProcessById(await ReadPidAsync(PidFile));
            process.Kill();
            await process.WaitForExitAsync();
        }

        await using var again = await StartAsync();

        Assert.Equal("kept", await AskAsync(again, "select relname::text from pg_class where relname = 'kept'"));
    }

    [Fact]
    public async Task StartAsync_PidFileNamesAnotherLiveProcess_StartsAllTheSame()
    {
        await using (await StartAsync())
        {
        }

        // Another live process of the server's own user: the server itself would take it for its twin and give up.
        var other = await TestServer.GetAsync();
        var pid = await ReadPidAsync(Path.Combine(other.SocketFolder, "postmaster.pid"));
        await File.WriteAllTextAsync(
            PidFile, string.Create(
                CultureInfo.InvariantCulture, $"{pid}\n{_folder}/postgres\n1\n5432\n{_folder}/postgres\n\n\n"));

        await using var server = await StartAsync();

        Assert.Equal("1", await AskAsync(server, "select '1'"));
    }

    [Fact]
    public async Task StartAsync_FirstStartWasKilledWhileMakingTheCluster_MakesItAnew()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "postgres.new-1", "base"));

        await using var server = await StartAsync();

        Assert.Equal("1", await AskAsync(server, "select '1'"));
        Assert.Empty(Directory.EnumerateDirectories(_folder, "postgres.new*"));
    }

    [Fact]
    public async Task StartAsync_PathTooLongForASocket_PutsTheSocketInTmp()
    {
        var deep = Path.Combine(_folder, new string('d', 100));
        Directory.CreateDirectory(deep);
        File.SetUnixFileMode(deep, (UnixFileMode)0b111_001_001);

        await using var server = await EmbeddedServer.StartAsync(
            Settings with { DataFolder = deep }, CancellationToken.None);

        Assert.StartsWith("/tmp/dispatch-", server.SocketFolder, StringComparison.Ordinal);
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(server.SocketFolder));
        Assert.Equal("1", await AskAsync(server, "select '1'"));
    }

    [Fact]
    public async Task StartAsync_ClusterIsGone_IsRefused()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "postgres"), "/var/lib/dispatch/no-such-cluster\n");

        var fault = await Assert.ThrowsAsync<DispatchException>(StartAsync);

        Assert.Equal(("database.cluster_missing", ExitCode.Configuration), (fault.Code, fault.Exit));
    }

    static async Task SignalAsync(int pid, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", pid.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    static async Task<int> ReadPidAsync(string path) =>
        int.Parse((await File.ReadAllLinesAsync(path))[0], CultureInfo.InvariantCulture);

    static async Task<string> AskAsync(EmbeddedServer server, string sql, string role = ServerConfiguration.Superuser)
    {
        var builder = server.ConnectAs(role, EmbeddedRoles.Database);
        builder.Pooling = false;
        await using var dataSource = NpgsqlDataSource.Create(builder);
        await using var command = dataSource.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    Task<EmbeddedServer> StartAsync() => EmbeddedServer.StartAsync(Settings, CancellationToken.None);
}
