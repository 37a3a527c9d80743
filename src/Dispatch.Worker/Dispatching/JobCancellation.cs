using Dispatch.Routing;
using Dispatch.Routing.Rules;
using Dispatch.Worker.Database.Jobs;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Dispatching;

/// <summary>
/// Ends a job before anything of it was sent: every row becomes refused <c>job.cancelled</c>, in one transaction with the
/// step itself. Repeating it changes nothing.
/// </summary>
static class JobCancellation
{
    const string Move = """
        update dispatch.jobs set state = 'cancelled'
        where job_id = $1 and released_at is null
        returning rows
        """;

    const string Refuse = """
        insert into dispatch.refused (job_id, row_no, person_id, reference, reason, detail, facts)
        select $1, row_no, null, '', $3, '', 0 from generate_series(1, $2) row_no
        """;

    // The salt seals nothing, but a chunk that is done has one.
    const string Close = """
        update dispatch.chunks
        set state = 'done', salt = $2, digital = 0, paper = 0, held = 0, refused = rows, done_at = now()
        where job_id = $1 and state = 'open'
        """;

    const string Note = "insert into dispatch.events (actor, action, job_id, detail) values ($2, 'cancel', $1, $3)";

    /// <exception cref="DispatchException"><c>job.sent</c>, exit 2: letters of the job are already with their receivers.
    /// </exception>
    public static async Task CancelAsync(
        NpgsqlDataSource database, int jobId, string actor, string reason, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var state = await StateAsync(connection, transaction, jobId, ct);
        if (state == JobStates.Cancelled)
        {
            return;
        }

        await using var move = Command(connection, transaction, Move, jobId);
        if (await move.ExecuteScalarAsync(ct) is not int rows)
        {
            throw new DispatchException(
                "job.sent", $"job {jobId} is {state}: letters of it were sent; expected a job that was not released; what was sent "
                + "stays sent",
                ExitCode.Usage);
        }

        await using var refuse = Command(connection, transaction, Refuse, jobId);
        refuse.Parameters.Add(new() { Value = rows, NpgsqlDbType = NpgsqlDbType.Integer });
        refuse.Parameters.Add(new() { Value = (short)Reason.JobCancelled, NpgsqlDbType = NpgsqlDbType.Smallint });
        await refuse.ExecuteNonQueryAsync(ct);
        await using var close = Command(connection, transaction, Close, jobId);
        close.Parameters.Add(new() { Value = Security.JobKey.NewSalt(), NpgsqlDbType = NpgsqlDbType.Bytea });
        await close.ExecuteNonQueryAsync(ct);
        await using var note = Command(connection, transaction, Note, jobId);
        note.Parameters.Add(new() { Value = actor, NpgsqlDbType = NpgsqlDbType.Text });
        note.Parameters.Add(new() { Value = reason, NpgsqlDbType = NpgsqlDbType.Text });
        await note.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    static async Task<string> StateAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, int jobId, CancellationToken ct)
    {
        await using var command = Command(
            connection, transaction, "select state from dispatch.jobs where job_id = $1 for update", jobId);
        return (string)(await command.ExecuteScalarAsync(ct))!;
    }

    static NpgsqlCommand Command(NpgsqlConnection connection, NpgsqlTransaction transaction, string sql, int jobId)
    {
        var command = new NpgsqlCommand(sql, connection, transaction);
        command.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        return command;
    }
}
