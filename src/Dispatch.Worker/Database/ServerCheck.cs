using Dispatch.Routing;
using Npgsql;

namespace Dispatch.Worker.Database;

/// <summary>Refuses a server on which a committed chunk could be lost, or that cannot hold the letters' text.</summary>
static class ServerCheck
{
    const int VersionMin = ServerPrograms.MajorMin * 10_000;

    const string Facts = """
        select current_setting('server_version_num')::int, current_setting('fsync'),
               current_setting('full_page_writes'), current_setting('synchronous_commit'),
               current_setting('server_encoding'),
               pg_is_in_recovery() or current_setting('transaction_read_only')::boolean,
               (select rolsuper from pg_roles where rolname = session_user)
        """;

    /// <returns>True when the login is a superuser.</returns>
    /// <exception cref="DispatchException"><c>database.settings</c> (78), <c>database.read_only</c> (75).</exception>
    public static async Task<bool> RunAsync(NpgsqlDataSource dataSource, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(Facts);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var faults = new List<string>();
        if (reader.GetInt32(0) < VersionMin)
        {
            faults.Add($"its version is below {ServerPrograms.MajorMin}");
        }

        if (reader.GetString(1) != "on")
        {
            faults.Add("fsync is off");
        }

        if (reader.GetString(2) != "on")
        {
            faults.Add("full_page_writes is off");
        }

        if (reader.GetString(3) == "off")
        {
            faults.Add("synchronous_commit is off");
        }

        if (reader.GetString(4) != "UTF8")
        {
            faults.Add("the database's encoding is not UTF8");
        }

        if (faults.Count > 0)
        {
            throw new DispatchException(
                "database.settings", $"the database server could lose or garble letters: {string.Join(", ", faults)};"
                + " change this on the server", ExitCode.Configuration);
        }

        if (reader.GetBoolean(5))
        {
            throw new DispatchException(
                "database.read_only",
                "the database server takes no writes (a standby, or read-only); connect to the primary",
                ExitCode.TryAgain);
        }

        return reader.GetBoolean(6);
    }
}
