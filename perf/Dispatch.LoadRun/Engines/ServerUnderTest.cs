using System.Globalization;
using Dispatch.Worker.Database;
using Dispatch.Worker.Diagnostics;
using Npgsql;

namespace Dispatch.LoadRun.Engines;

/// <summary>The embedded server of a data folder, kept running so that every engine works on the same one.</summary>
sealed class ServerUnderTest : IAsyncDisposable
{
    readonly EmbeddedServer _server;
    readonly int _postmaster;

    ServerUnderTest(EmbeddedServer server, string dataFolder)
    {
        _server = server;
        var file = Path.Combine(ClusterLocation.Find(dataFolder)!, "postmaster.pid");
        _postmaster = int.Parse(File.ReadLines(file).First(), CultureInfo.InvariantCulture);
    }

    /// <summary>Folder of the socket, as <c>psql -h</c> takes it.</summary>
    public string SocketFolder => _server.SocketFolder;

    /// <summary>As the owner of everything dispatch made.</summary>
    public string ConnectionString => _server.ConnectAs("dispatch", "dispatch").ConnectionString;

    public static async Task<ServerUnderTest> StartAsync(string dataFolder) => new(
        await EmbeddedServer.StartAsync(new DispatchSettings { DataFolder = dataFolder }, CancellationToken.None),
        dataFolder);

    public ServerUsage Usage() => ServerUsage.Read(_postmaster);

    /// <summary>Drops what the last engine made and writes all to disk, so that the next one does not pay for
    /// it.</summary>
    public async Task SettleAsync()
    {
        await using (var owner = NpgsqlDataSource.Create(ConnectionString))
        {
            await using var drop = owner.CreateCommand("drop schema if exists peer cascade");
            await drop.ExecuteNonQueryAsync();
        }

        await using var superuser = NpgsqlDataSource.Create(_server.ConnectAs("postgres", "dispatch"));
        await using var checkpoint = superuser.CreateCommand("checkpoint");
        checkpoint.CommandTimeout = 0;
        await checkpoint.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
