using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Database.Jobs;
using Npgsql;
using NpgsqlTypes;
using static Dispatch.Worker.Database.SqlValue;

namespace Dispatch.Worker.Dispatching.Control;

/// <summary>
/// A second operator says yes to a job: to its very files and to how many letters they make. Should a count have moved
/// by more than one in a hundred when the job is to be released, it asks again. May be repeated.
/// </summary>
static class JobApproval
{
    const string ApproveSql = """
        insert into dispatch.approvals
            (job_id, approved_by, content_sha256, register_version, digital, paper, held, refused)
        select job_id, $2, content_sha256, $3, $4, $5, $6, $7 from dispatch.jobs
        where job_id = $1 and state = any($8)
        on conflict do nothing
        """;

    const string MoveSql =
        "update dispatch.jobs set state = 'checked' where job_id = $1 and state = 'awaiting_approval'";

    const string WithdrawSql = """
        with withdrawn as (
            update dispatch.approvals set withdrawn_at = clock_timestamp() where job_id = $1 and withdrawn_at is null
            returning job_id
        ), moved as (
            update dispatch.jobs set state = 'awaiting_approval'
            where job_id in (select job_id from withdrawn) and state = any($4)
        )
        insert into dispatch.events (actor, action, job_id, detail) select $2, 'approval_withdrawn', job_id, $3 from withdrawn
        """;

    static readonly string[] ApprovableStates =
        ["received", JobStates.Checked, JobStates.AwaitingApproval, JobStates.Waiting, JobStates.Paused];

    /// <summary>Whether this operator may approve the job, and need to.</summary>
    /// <returns>False when it was approved before.</returns>
    /// <exception cref="DispatchException"><c>approval.not_needed</c>, <c>approval.same_operator</c>,
    /// <c>job.closed</c>; exit 2.</exception>
    public static bool IsOpenTo(AcceptedJob job, string actor)
    {
        if (!job.Order.NeedsApproval)
        {
            throw new DispatchException(
                "approval.not_needed",
                $"job {job.JobId} does not ask for approval, expected a job whose job.json has approval "
                + "'required'; run it",
                ExitCode.Usage);
        }

        if (job.Approved is not null)
        {
            return false;
        }

        if (!ApprovableStates.Contains(job.State))
        {
            throw new DispatchException(
                "job.closed", $"job {job.JobId} is {job.State}, expected one that waits for approval", ExitCode.Usage);
        }

        return job.SubmittedBy != actor ? true : throw new DispatchException(
            "approval.same_operator",
            $"job {job.JobId} was submitted by '{actor}', expected somebody else to approve it; ask "
            + "another operator",
            ExitCode.Usage);
    }

    /// <summary>Writes the approval down, with what the operator approved.</summary>
    public static async Task ApproveAsync(
        NpgsqlDataSource database, int jobId, JobPlan plan, string actor, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var approve = new NpgsqlCommand(ApproveSql, connection, transaction);
        approve.Parameters.Add(Integer(jobId));
        approve.Parameters.Add(Text(actor));
        approve.Parameters.Add(new() { Value = plan.RegisterVersion, NpgsqlDbType = NpgsqlDbType.Bigint });
        foreach (var count in plan.Counts.ByChannel.Each)
        {
            approve.Parameters.Add(Integer(count));
        }

        approve.Parameters.Add(Texts(ApprovableStates));
        if (await approve.ExecuteNonQueryAsync(ct) != 1)
        {
            throw new DispatchException(
                "job.moved", $"job {jobId} changed while it was being planned; run this again", ExitCode.TryAgain);
        }

        await using var move = new NpgsqlCommand(MoveSql, connection, transaction);
        move.Parameters.Add(Integer(jobId));
        await move.ExecuteNonQueryAsync(ct);
        await Trail.NoteAsync(connection, actor, "approve", jobId, $"{plan.Counts.ByChannel}", ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Takes the approval back when the plan is another than the one approved.</summary>
    /// <returns>Whether the approval stands.</returns>
    public static async Task<bool> StandsAsync(
        NpgsqlDataSource database, AcceptedJob job, EffectCounts counts, string actor, CancellationToken ct)
    {
        var planned = counts.ByChannel;
        if (job.Approved is { } approved && planned.IsCloseTo(approved))
        {
            return true;
        }

        await using var withdraw = database.CreateCommand(WithdrawSql);
        withdraw.Parameters.Add(Integer(job.JobId));
        withdraw.Parameters.Add(Text(actor));
        withdraw.Parameters.Add(Text($"now {planned}, approved {job.Approved}"));
        withdraw.Parameters.Add(Texts(JobRelease.ReleasableStates));
        await withdraw.ExecuteNonQueryAsync(ct);
        return false;
    }
}
