using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Dispatching.Control;

/// <summary>An operator lets a job go on that stopped of itself or was paused. May be repeated.</summary>
static class JobResumption
{
    // One statement, so that the step and its line in the trail commit together.
    const string Resume = """
        with moved as (
            update dispatch.jobs
            set state = case when released_at is null then 'checked' else 'running' end,
                accept_refused = accept_refused or $2, pause_reason = null
            where job_id = $1 and cancelled_by is null and (state = 'paused' or (state = 'held' and $2))
            returning job_id
        )
        insert into dispatch.events (actor, action, job_id, detail)
        select $3, 'resume', job_id, case when $2 then 'accept-refused' else '' end from moved
        """;

    /// <returns>The state the job is in now.</returns>
    /// <exception cref="DispatchException"><c>job.held</c>, exit 2: a held job goes on only when its refused rows are
    /// accepted.
    /// </exception>
    public static async Task<string> ResumeAsync(
        NpgsqlDataSource database, int jobId, bool acceptRefused, string actor, CancellationToken ct)
    {
        await using var resume = database.CreateCommand(Resume);
        resume.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        resume.Parameters.Add(new() { Value = acceptRefused, NpgsqlDbType = NpgsqlDbType.Boolean });
        resume.Parameters.Add(new() { Value = actor, NpgsqlDbType = NpgsqlDbType.Text });
        await resume.ExecuteNonQueryAsync(ct);
        return await JobStates.ReadAsync(database, jobId, ct) switch
        {
            JobStates.Held => throw new DispatchException(
                "job.held",
                $"job {jobId} is held because of its refused rows; expected --accept-refused, which sends what can "
                + "be sent, or cancel",
                ExitCode.Usage),
            JobStates.Paused => throw new DispatchException(
                "job.cancelled", $"job {jobId} is being cancelled; run dispatch cancel again to see that through",
                ExitCode.Usage),
            var state => state,
        };
    }
}
