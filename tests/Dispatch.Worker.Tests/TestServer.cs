using System.Globalization;
using Dispatch.Worker.Database;
using Dispatch.Worker.Diagnostics;
using Npgsql;

namespace Dispatch.Worker.Tests;

/// <summary>
/// The one PostgreSQL of a test run: the product's own embedded server in a folder of its own, with the database
/// <c>dispatch</c>, migrated, as the template of every test's database. Stopped and removed when the run ends.
/// </summary>
static class TestServer
{
    const string FolderPrefix = "dispatch-tests-";

    static readonly Lazy<Task<EmbeddedServer>> Running = new(StartAsync);

    public static Task<EmbeddedServer> GetAsync() => Running.Value;

    /// <summary>A new folder below the system's temporary one, open to the server's user.</summary>
    public static string NewFolder(string name)
    {
        var process = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var path = Path.Combine(Path.GetTempPath(), $"{FolderPrefix}{process}-{name}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, (UnixFileMode)0b111_001_001);
        return path;
    }

    static async Task<EmbeddedServer> StartAsync()
    {
        await RemoveAbandonedAsync();
        var settings = SettingsFor(NewFolder("server"));
        var server = await EmbeddedServer.StartAsync(settings, CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove(server, settings.DataFolder);

        var builder = server.ConnectAs(EmbeddedRoles.Owner, EmbeddedRoles.Database);
        builder.Pooling = false; // a template must have no connection
        await using var dataSource = NpgsqlDataSource.Create(builder);
        await new Migrator(dataSource, MigrationScript.All).MigrateAsync(CancellationToken.None);
        return server;
    }

    static DispatchSettings SettingsFor(string folder) => new()
    {
        DataFolder = folder,
        Database = new DatabaseSettings { SharedBuffersMiB = 128 },
    };

    // Runs that were killed could not clean up (the test host allows little time at its end): their server may still
    // run.
    static async Task RemoveAbandonedAsync()
    {
        foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), FolderPrefix + "*"))
        {
            var process = Path.GetFileName(folder)[FolderPrefix.Length..].Split('-')[0];
            if (Directory.Exists("/proc/" + process))
            {
                continue;
            }

            if (File.Exists(Path.Combine(DataFolder.PostgresOf(folder), "postmaster.pid")))
            {
                await using var server = await EmbeddedServer.StartAsync(SettingsFor(folder), CancellationToken.None);
            }

            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                // A disk is still mounted there: no reason for this run to fail.
            }
        }
    }

    // The process ends here and cannot wait in any other way.
    static void Remove(EmbeddedServer server, string folder)
    {
        NpgsqlConnection.ClearAllPools();
        server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(folder, recursive: true);
    }
}
