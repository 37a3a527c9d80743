using System.ComponentModel.DataAnnotations;

namespace Dispatch.Worker.Diagnostics;

/// <summary>Where the database is.</summary>
sealed record DatabaseSettings
{
    /// <summary>Npgsql connection string of an external server; empty = the embedded PostgreSQL.</summary>
    public string ConnectionString { get; init; } = "";

    /// <summary>Connections this process opens at most; an eighth of them, one at least, is for reading
    /// mailboxes.</summary>
    [Range(5, 150)]
    public int PoolSize { get; init; } = 16;

    /// <summary>Memory the embedded server shares between its processes, MiB; 0 = an eighth of the machine's, 64 at
    /// least and 512 at most.</summary>
    [Range(0, 65_536)]
    public int SharedBuffersMiB { get; init; }

    /// <summary>How long the embedded server may take to start, crash recovery included.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(5);
}
