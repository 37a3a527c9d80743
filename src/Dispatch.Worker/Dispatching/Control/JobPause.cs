using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Dispatching.Control;

/// <summary>An operator stops a job for a while: the process at work on it ends after the chunk or batch in hand. May
/// be repeated.</summary>
static class JobPause
{
    const string Sql = """
        with moved as (
            update dispatch.jobs set state = 'paused', pause_reason = $2
            where job_id = $1 and state = any($4)
            returning job_id
        )
        insert into dispatch.events (actor, action, job_id, detail) select $3, 'pause', job_id, $2 from moved
        """;

    static readonly string[] PausableStates =
    [
        "received", JobStates.Checked, JobStates.AwaitingApproval, JobStates.Waiting, JobStates.Running,
        JobStates.Composing,
        JobStates.HandingOff,
    ];

    /// <exception cref="DispatchException"><c>job.closed</c>, exit 2: nothing is going on that could be
    /// paused.</exception>
    public static async Task PauseAsync(
        NpgsqlDataSource database, int jobId, string actor, string reason, CancellationToken ct)
    {
        await using var pause = database.CreateCommand(Sql);
        pause.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        pause.Parameters.Add(new() { Value = reason, NpgsqlDbType = NpgsqlDbType.Text });
        pause.Parameters.Add(new() { Value = actor, NpgsqlDbType = NpgsqlDbType.Text });
        pause.Parameters.Add(
            new() { Value = PausableStates, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await pause.ExecuteNonQueryAsync(ct);
        var state = await JobStates.ReadAsync(database, jobId, ct);
        if (state != JobStates.Paused)
        {
            throw new DispatchException(
                "job.closed", $"job {jobId} is {state}; expected one that is on its way; there is nothing to pause",
                ExitCode.Usage);
        }
    }
}
