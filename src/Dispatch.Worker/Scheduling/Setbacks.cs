using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Scheduling;

/// <summary>Work on a job that failed: every node waits before it is started again, longer each time.</summary>
static class Setbacks
{
    static readonly TimeSpan PassingMax = TimeSpan.FromSeconds(10);
    static readonly TimeSpan LastingMax = TimeSpan.FromMinutes(5);

    const string NoteSql = """
        insert into dispatch.setbacks as s (job_id, code, failures, at, retry_at)
        values ($1, $2, 1, clock_timestamp(), clock_timestamp() + interval '1 s')
        on conflict (job_id) do update
        set code = excluded.code, failures = s.failures + 1, at = excluded.at,
            retry_at = excluded.at + least($3, interval '1 s' * power(2, least(s.failures, 20)))
        """;

    // A node whose clock is years ahead must not put a job off for years.
    const string WaitSql = """
        insert into dispatch.setbacks as s (job_id, code, failures, at, retry_at)
        values ($1, $2, 1, clock_timestamp(), least($3, clock_timestamp() + interval '2 days'))
        on conflict (job_id) do update
        set code = excluded.code, failures = s.failures + 1, at = excluded.at, retry_at = excluded.retry_at
        """;

    /// <param name="code">Of the error.</param>
    /// <param name="isPassing">It may well go by itself.</param>
    public static async Task NoteAsync(
        NpgsqlDataSource database, int jobId, string code, bool isPassing, CancellationToken ct)
    {
        await using var command = database.CreateCommand(NoteSql);
        command.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = code, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(
            new() { Value = isPassing ? PassingMax : LastingMax, NpgsqlDbType = NpgsqlDbType.Interval });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>It is known when it can be gone on with: as when a print house takes files again.</summary>
    public static async Task NoteUntilAsync(
        NpgsqlDataSource database, int jobId, string code, DateTimeOffset retryAt, CancellationToken ct)
    {
        await using var command = database.CreateCommand(WaitSql);
        command.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = code, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = retryAt.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The work succeeded.</summary>
    public static async Task ClearAsync(NpgsqlDataSource database, int jobId, CancellationToken ct)
    {
        await using var command = database.CreateCommand("delete from dispatch.setbacks where job_id = $1");
        command.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        await command.ExecuteNonQueryAsync(ct);
    }
}
