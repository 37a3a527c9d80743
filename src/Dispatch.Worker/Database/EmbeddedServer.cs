using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Npgsql;

namespace Dispatch.Worker.Database;

/// <summary>
/// The private PostgreSQL of a data folder, shared by all its dispatch processes. Each holds <c>postgres.use.lock</c>
/// shared; starting and stopping happen under <c>postgres.start.lock</c>, held alone. Whoever ends, gets
/// <c>postgres.use.lock</c> alone and therefore is the last one stops the server. The kernel frees the locks of a
/// killed process, so that a server left running is found and used by the next one.
/// </summary>
sealed class EmbeddedServer : IAsyncDisposable
{
    readonly string _startLockPath;
    readonly FileLock _use;
    readonly Cluster _cluster;

    EmbeddedServer(string startLockPath, FileLock use, Cluster cluster)
    {
        _startLockPath = startLockPath;
        _use = use;
        _cluster = cluster;
    }

    /// <summary>Folder of the Unix socket; the host of a connection string.</summary>
    public string SocketFolder => _cluster.SocketFolder;

    /// <summary>Finds or makes the cluster and sees to it that its server runs.</summary>
    /// <exception cref="DispatchException"><c>database.no_server</c>, <c>database.start</c> …</exception>
    public static async Task<EmbeddedServer> StartAsync(DispatchSettings settings, CancellationToken ct)
    {
        var startLockPath = Path.Combine(settings.DataFolder, "postgres.start.lock");
        using var start = await FileLock.TakeExclusiveAsync(startLockPath, TimeProvider.System, ct);

        // Held alone only by a process that stops the server, which it does under the lock we hold.
        var use = FileLock.TryTakeShared(Path.Combine(settings.DataFolder, "postgres.use.lock"))
            ?? throw new InvalidOperationException("the use lock is held alone outside the start lock");
        try
        {
            var cluster = await Cluster.OpenAsync(settings, ct);
            await cluster.StartAsync(ct);
            return new EmbeddedServer(startLockPath, use, cluster);
        }
        catch
        {
            use.Dispose();
            throw;
        }
    }

    /// <summary>How to connect as one of the roles the user map allows.</summary>
    public NpgsqlConnectionStringBuilder ConnectAs(string role, string database) => _cluster.ConnectAs(role, database);

    /// <summary>Stops the server when this process was its last user.</summary>
    public async ValueTask DisposeAsync()
    {
        using var start = await FileLock.TakeExclusiveAsync(
            _startLockPath, TimeProvider.System, CancellationToken.None);
        using (_use)
        {
            if (_use.TryBecomeExclusive())
            {
                await _cluster.StopAsync();
            }
        }
    }
}
