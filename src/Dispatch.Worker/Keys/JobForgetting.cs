using System.Security.Cryptography;
using System.Text;
using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Npgsql;
using NpgsqlTypes;
using static Dispatch.Worker.Database.SqlValue;

namespace Dispatch.Worker.Keys;

/// <summary>
/// Makes everything sealed of a job unreadable for good: its wrapped data key is destroyed, and with it letters, print
/// pieces and the spooled list. Asked for once, done when it is confirmed with the token; the ledger stays whole.
/// </summary>
sealed class JobForgetting(NpgsqlDataSource database, JobFiles files, string actor)
{
    const int TokenBytes = 8;

    const string LoseSql = """
        select j.state, j.forgotten_at, j.list_file,
               (select count(*) from mailbox.letters l where l.segment = j.segment and l.job_id = j.job_id),
               (select count(*) from dispatch.pieces p where p.job_id = j.job_id),
               (select count(*) from dispatch.held h where h.job_id = j.job_id)
        from dispatch.jobs j where j.job_id = $1
        """;

    const string AskSql = """
        with asked as (
            insert into dispatch.forget_requests (job_id, token_sha256, operator) values ($1, $2, $3)
            on conflict (job_id) do update set token_sha256 = $2, operator = $3, at = clock_timestamp()
            returning job_id
        )
        insert into dispatch.events (actor, action, job_id, detail) select $3, 'key_forget_ask', job_id, $4 from asked
        """;

    const string TakeSql = """
        delete from dispatch.forget_requests where job_id = $1 and token_sha256 = $2
        returning at + $3 > clock_timestamp()
        """;

    const string ForgetSql = """
        update dispatch.jobs
        set data_key = null, key_id = null, forgotten_at = clock_timestamp(), forgotten_by = $2
        where job_id = $1 and data_key is not null and state in ('completed', 'cancelled', 'refused')
        """;

    const string NoteSql =
        "insert into dispatch.events (actor, action, job_id, detail) values ($2, 'key_forget', $1, $3)";

    /// <summary>Notes the wish; nothing is lost yet.</summary>
    /// <exception cref="DispatchException"><c>job.unfinished</c>, exit 2.</exception>
    public async Task<ForgetOutcome> AskAsync(int jobId, CancellationToken ct)
    {
        var loss = await ReadLossAsync(jobId, ct);
        if (loss.ForgottenAt is not null)
        {
            return new(jobId, null, loss);
        }

        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        await using var ask = database.CreateCommand(AskSql);
        ask.Parameters.Add(Integer(jobId));
        ask.Parameters.Add(Hash(token));
        ask.Parameters.Add(Text(actor));
        ask.Parameters.Add(Text(loss.ToString()));
        await ask.ExecuteNonQueryAsync(ct);
        return new(jobId, token, loss);
    }

    /// <summary>Destroys the key, then the files. Repeated after a kill it removes what is left of them.</summary>
    /// <exception cref="DispatchException"><c>job.unfinished</c>, <c>key.token</c>; exit 2, and nothing is
    /// lost.</exception>
    public async Task<ForgetOutcome> ConfirmAsync(int jobId, string token, TimeSpan limit, CancellationToken ct)
    {
        var loss = await ReadLossAsync(jobId, ct);
        if (loss.ForgottenAt is null)
        {
            await ForgetAsync(jobId, token, limit, loss, ct);
        }

        await files.RemoveAsync(jobId, loss.ListFile, ct);
        return new(jobId, null, await ReadLossAsync(jobId, ct));
    }

    async Task ForgetAsync(int jobId, string token, TimeSpan limit, JobLoss loss, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var take = new NpgsqlCommand(TakeSql, connection);
        take.Parameters.Add(Integer(jobId));
        take.Parameters.Add(Hash(token));
        take.Parameters.Add(new() { Value = limit, NpgsqlDbType = NpgsqlDbType.Interval });
        if (await take.ExecuteScalarAsync(ct) is not true)
        {
            throw new DispatchException(
                "key.token", $"this token does not confirm that job {jobId} is to be forgotten, or is older than "
                + $"{limit.TotalMinutes:0} minutes; expected the one 'dispatch keys forget {jobId}' printed last; run that again",
                ExitCode.Usage);
        }

        await using var forget = new NpgsqlCommand(ForgetSql, connection);
        forget.Parameters.Add(Integer(jobId));
        forget.Parameters.Add(Text(actor));
        if (await forget.ExecuteNonQueryAsync(ct) != 1)
        {
            throw new InvalidOperationException($"job {jobId} has no data key to destroy");
        }

        await using var note = new NpgsqlCommand(NoteSql, connection);
        note.Parameters.Add(Integer(jobId));
        note.Parameters.Add(Text(actor));
        note.Parameters.Add(Text(loss.ToString()));
        await note.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    async Task<JobLoss> ReadLossAsync(int jobId, CancellationToken ct)
    {
        var batches = (await files.FindAsync(jobId, ct)).Count;
        await using var command = database.CreateCommand(LoseSql);
        command.Parameters.Add(Integer(jobId));
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return row.GetString(0) is var state && state is "completed" or "cancelled" or "refused"
            ? new(row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), batches, row[1] as DateTime?, row.GetString(2))
            : throw new DispatchException(
                "job.unfinished",
                $"job {jobId} is {state}; expected one that is completed or cancelled: what was not sent yet would be "
                + "lost; see it through or cancel it first",
                ExitCode.Usage);
    }

    static NpgsqlParameter Hash(string token) =>
        new() { Value = SHA256.HashData(Encoding.UTF8.GetBytes(token)), NpgsqlDbType = NpgsqlDbType.Bytea };
}

/// <param name="Token">Confirms it; null when the job is forgotten.</param>
sealed record ForgetOutcome(int JobId, string? Token, JobLoss Loss);

/// <summary>What cannot be read any more without the data key, and what is removed.</summary>
/// <param name="Files">Print files that the print house has not taken.</param>
sealed record JobLoss(long Digital, long Paper, long Held, int Files, DateTime? ForgottenAt, string ListFile)
{
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Digital} digital letters, {Paper} letters on paper, {Held} held rows, {Files} print files, the list");
}
