using Dispatch.Worker.Database;
using Dispatch.Worker.Database.Jobs;
using Npgsql;
using static Dispatch.Worker.Database.SqlValue;

namespace Dispatch.Worker.Mailbox;

/// <summary>
/// Takes letters back that were sent by mistake: mailbox owners do not see them any more. They are neither deleted nor
/// changed, and stay what became of their rows. Two operators must want the same rows; there is no way back.
/// </summary>
sealed class Recall(NpgsqlDataSource database, AcceptedJob job, RowRanges rows, string actor)
{
    const string LockSql = "select from dispatch.jobs where job_id = $1 for update";

    const string LeftSql = """
        $2::int4multirange - coalesce(
            (select range_agg(int4range(first_row, last_row + 1)) from mailbox.recalls where job_id = $1), '{}'::int4multirange)
        """;

    const string IsDoneSql = $"select isempty({LeftSql})";

    const string VoteSql = """
        insert into dispatch.recall_votes (job_id, rows, operator, reason) values ($1, $2::int4multirange, $3, $4)
        on conflict do nothing
        """;

    const string AgreedSql = """
        select count(*) >= 2 from dispatch.recall_votes where job_id = $1 and rows = $2::int4multirange
        """;

    const string HideSql = $"""
        insert into mailbox.recalls (job_id, first_row, last_row)
        select $1, lower(r), upper(r) - 1 from unnest({LeftSql}) r
        """;

    const string CountSql = """
        select (select count(*) from mailbox.letters
                where segment = $3 and job_id = $1 and row_no between $4 and $5 and row_no <@ $2::int4multirange),
               (select count(*) from dispatch.pieces
                where job_id = $1 and row_no between $4 and $5 and row_no <@ $2::int4multirange),
               (select count(distinct row_no) from dispatch.events
                where action = 'read_letter' and job_id = $1 and row_no between $4 and $5 and row_no <@ $2::int4multirange),
               (select count(*) from register.print_outs
                where letter_job = $1 and row_no is not null and fault is null
                  and letter_row between $4 and $5 and letter_row <@ $2::int4multirange)
        """;

    /// <summary>Notes this operator's wish, and does it when another had the same. Repeating it changes
    /// nothing.</summary>
    public async Task<RecallOutcome> RunAsync(string reason, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, LockSql, ct);
        var step = await StepAsync(connection, reason, ct);
        var outcome = await CountAsync(connection, step, ct);
        if (step is RecallStep.Voted or RecallStep.Recalled)
        {
            var (action, detail) = step == RecallStep.Voted
                ? ("recall_vote", $"rows {rows}: {reason}")
                : ("recall", $"rows {rows}, {outcome.Digital} digital letters: {reason}");
            await Trail.NoteAsync(connection, actor, action, job.JobId, detail, ct);
        }

        await transaction.CommitAsync(ct);
        return outcome;
    }

    async Task<RecallStep> StepAsync(NpgsqlConnection connection, string reason, CancellationToken ct)
    {
        if (await AskAsync(connection, IsDoneSql, ct))
        {
            return RecallStep.Unchanged;
        }

        var isNew = await ExecuteAsync(connection, VoteSql, ct, Text(actor), Text(reason)) == 1;
        if (!await AskAsync(connection, AgreedSql, ct))
        {
            return isNew ? RecallStep.Voted : RecallStep.AwaitsSecondOperator;
        }

        await ExecuteAsync(connection, HideSql, ct);
        return RecallStep.Recalled;
    }

    async Task<RecallOutcome> CountAsync(NpgsqlConnection connection, RecallStep step, CancellationToken ct)
    {
        await using var command = Command(
            connection, CountSql, Integer(job.Segment), Integer(rows.First), Integer(rows.Last));
        command.CommandTimeout = 0;
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new(job.JobId, rows.ToString(), step, row.GetInt64(0), row.GetInt64(1), row.GetInt64(2),
            row.GetInt64(3));
    }

    async Task<int> ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken ct, params NpgsqlParameter[] others)
    {
        await using var command = Command(connection, sql, others);
        return await command.ExecuteNonQueryAsync(ct);
    }

    async Task<bool> AskAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = Command(connection, sql);
        return await command.ExecuteScalarAsync(ct) is true;
    }

    // $1 is the job, $2 the rows where a statement speaks of them, what follows the others.
    NpgsqlCommand Command(NpgsqlConnection connection, string sql, params NpgsqlParameter[] others)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(Integer(job.JobId));
        if (sql.Contains("$2", StringComparison.Ordinal))
        {
            command.Parameters.Add(Text(rows.ToMultirange()));
        }

        command.Parameters.AddRange(others);
        return command;
    }
}

enum RecallStep
{
    /// <summary>The first operator's wish is on record.</summary>
    Voted,

    /// <summary>It was on record before; another operator must want it too.</summary>
    AwaitsSecondOperator,

    Recalled,

    /// <summary>All these rows were recalled before.</summary>
    Unchanged,
}

/// <param name="Digital">Digital letters among the rows.</param>
/// <param name="Paper">Letters on paper among them, which nobody can take back.</param>
/// <param name="Opened">Letters that somebody had opened.</param>
/// <param name="Printed">Letters that went into print-outs of mailboxes, which nobody can take back either.</param>
sealed record RecallOutcome(
    int Job, string Rows, RecallStep Step, long Digital, long Paper, long Opened, long Printed);
