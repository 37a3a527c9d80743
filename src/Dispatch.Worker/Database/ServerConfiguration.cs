using System.Globalization;
using System.Text;

namespace Dispatch.Worker.Database;

/// <summary>
/// The configuration files of the embedded server: bulk loading as fast as durability allows. <c>fsync</c>,
/// <c>synchronous_commit</c> and <c>full_page_writes</c> stay on. Written anew at every start; what an operator changes
/// with <c>ALTER SYSTEM</c> wins.
/// </summary>
static class ServerConfiguration
{
    public const string Superuser = "postgres";

    // A send fills pages once and reads them once; each page that is touched for the first time costs the machine more
    // than one that comes round again (docs/performance.md, "Not much memory for the server").
    const int SharedBuffersMiBMax = 512;
    const int SharedBuffersMiBMin = 64;

    /// <summary>An eighth of the machine's (or container's) memory, within limits: the worker and the file cache want
    /// the rest.</summary>
    public static int SharedBuffersMiB(long memoryBytes) =>
        (int)Math.Clamp(memoryBytes / 8 / (1 << 20), SharedBuffersMiBMin, SharedBuffersMiBMax);

    /// <param name="walCompression"><c>lz4</c>, or <c>on</c> where the server was built without it.</param>
    public static string Server(string socketFolder, int sharedBuffersMiB, string walCompression)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Written by dispatch at every start. Change settings with ALTER SYSTEM.
            listen_addresses = ''
            unix_socket_directories = '{socketFolder.Replace("'", "''", StringComparison.Ordinal)}'
            unix_socket_permissions = 0700
            max_connections = 200
            shared_buffers = {sharedBuffersMiB}MB
            wal_compression = {walCompression}

            """);
        text.Append("""
            fsync = on
            synchronous_commit = on
            full_page_writes = on
            # No standby reads this log: what a transaction loads into a table it made itself is synced, not logged.
            wal_level = minimal
            max_wal_senders = 0
            wal_buffers = 64MB
            max_wal_size = 8GB
            min_wal_size = 1GB
            checkpoint_timeout = 15min
            checkpoint_completion_target = 0.9
            maintenance_work_mem = 512MB
            max_parallel_maintenance_workers = 2
            work_mem = 32MB
            effective_io_concurrency = 200
            random_page_cost = 1.1
            jit = off
            huge_pages = try
            autovacuum = on
            autovacuum_naptime = 30s
            autovacuum_vacuum_cost_delay = 2ms
            # Mail tables only grow: an insert-only table of any size is visited rarely.
            autovacuum_vacuum_insert_scale_factor = 0.5
            logging_collector = on
            log_directory = 'log'
            log_filename = 'server-%a.log'
            log_truncate_on_rotation = on
            log_rotation_age = 1d
            log_rotation_size = 0
            log_file_mode = 0600
            # Statements and their values may hold personal data: neither is logged.
            log_error_verbosity = terse
            log_min_error_statement = panic
            log_parameter_max_length = 0
            log_parameter_max_length_on_error = 0
            log_timezone = 'UTC'
            timezone = 'UTC'
            lc_messages = 'C.UTF-8'
            lc_monetary = 'C.UTF-8'
            lc_numeric = 'C.UTF-8'
            lc_time = 'C.UTF-8'
            default_text_search_config = 'pg_catalog.simple'

            """);
        return text.ToString();
    }

    /// <summary>Who may connect how: over the socket, as whom the operating system says they are.</summary>
    public static string HostAccess() => "local all all peer map=dispatch\n";

    /// <param name="user">The operating system's user running dispatch.</param>
    public static string UserMap(string user) =>
        string.Concat(
            from os in new[] { user, "root", "postgres" }.Distinct()
            from role in new[] { Superuser, "dispatch", "dispatch_auditor" }
            select $"dispatch \"{os}\" {role}\n");
}
