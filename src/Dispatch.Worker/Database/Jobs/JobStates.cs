using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Database.Jobs;

/// <summary>The states of a job, and the guarded steps between them.</summary>
static class JobStates
{
    public const string Checked = "checked";
    public const string AwaitingApproval = "awaiting_approval";
    public const string Waiting = "waiting";
    public const string Running = "running";
    public const string Paused = "paused";
    public const string Composing = "composing";
    public const string HandingOff = "handing_off";
    public const string Completed = "completed";
    public const string Held = "held";
    public const string Cancelled = "cancelled";
    public const string Refused = "refused";

    /// <summary>Moves the job on; false, and nothing changed, when it was in none of these states.</summary>
    public static async Task<bool> MoveAsync(
        NpgsqlDataSource database, int jobId, string to, CancellationToken ct, params string[] from)
    {
        const string Sql = """
            with moved as (
                update dispatch.jobs
                set state = $2, completed_at = case when $2 = 'completed' then clock_timestamp() else completed_at end
                where job_id = $1 and state = any($3)
                returning job_id
            ), noted as (
                insert into dispatch.events (actor, action, job_id)
                select $4, 'complete', job_id from moved where $2 = 'completed'
            )
            select count(*) from moved
            """;
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = to, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = from, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = Operator.Name, NpgsqlDbType = NpgsqlDbType.Text });
        return await command.ExecuteScalarAsync(ct) is 1L;
    }

    /// <summary>The state the job is in now.</summary>
    public static async Task<string> ReadAsync(NpgsqlDataSource database, int jobId, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select state from dispatch.jobs where job_id = $1");
        command.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        return (string)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>
    /// Sets the time of a stage to what went by since the release, by the database's clock: several workers were at it.
    /// The total has the time before the release too.
    /// </summary>
    public static async Task SetSecondsSinceReleaseAsync(
        NpgsqlDataSource database, int jobId, string stage, CancellationToken ct)
    {
        const string Sql = """
            update dispatch.jobs
            set seconds = seconds || jsonb_build_object($2, round(
                extract(epoch from clock_timestamp() - released_at)
                + case when $2 = 'total' then coalesce((seconds ->> 'validate')::numeric, 0) else 0 end, 3))
            where job_id = $1 and released_at is not null
            """;
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = stage, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Whoever is at work on a job asks between chunks and batches.</summary>
    /// <exception cref="DispatchException"><c>job.waiting</c>, exit 75:
    /// an operator paused the job or wants it cancelled.</exception>
    public static async Task ThrowIfStoppedAsync(NpgsqlDataSource database, int jobId, CancellationToken ct)
    {
        if (await ReadAsync(database, jobId, ct) is var state and (Paused or Cancelled))
        {
            throw new DispatchException(
                "job.waiting",
                $"job {jobId} is {state} by an operator; what was done of it stays; see dispatch status {jobId}",
                ExitCode.TryAgain);
        }
    }

    /// <summary>Adds to the time a stage took, for the report: a job may be seen through in several runs.</summary>
    public static async Task AddSecondsAsync(
        NpgsqlDataSource database, int jobId, string stage, TimeSpan elapsed, CancellationToken ct)
    {
        const string Sql = """
            update dispatch.jobs
            set seconds = seconds || jsonb_build_object($2, round((coalesce((seconds ->> $2)::numeric, 0) + $3), 3))
            where job_id = $1
            """;
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = stage, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (decimal)elapsed.TotalSeconds, NpgsqlDbType = NpgsqlDbType.Numeric });
        await command.ExecuteNonQueryAsync(ct);
    }
}
