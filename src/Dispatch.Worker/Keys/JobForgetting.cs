using System.Security.Cryptography;
using System.Text;
using Dispatch.Routing;
using Dispatch.Worker.Database;
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

    const string PrintOut = "a print-out of its letters that is on its way";

    // A job and the print-outs of its letters, which hold the same letters once more: they go together.
    const string AllSql = "(job_id = $1 or print_of = $1)";

    const string LoseSql = $"""
        with jobs as (select * from dispatch.jobs where {AllSql})
        select o.state, case when not exists (select from jobs where data_key is not null) then o.forgotten_at end,
               (select count(*) from mailbox.letters l where l.segment = o.segment and l.job_id = o.job_id),
               (select count(*) from dispatch.pieces p where p.job_id = o.job_id),
               (select count(*) from dispatch.pieces p join jobs j on j.job_id = p.job_id where j.print_of = $1),
               (select count(*) from dispatch.held h join jobs j on j.job_id = h.job_id),
               (select array_agg(job_id order by job_id) from jobs),
               (select array_agg(list_file order by job_id) from jobs),
               (select min(job_id) from jobs
                where print_of = $1 and state not in ('completed', 'cancelled', 'refused'))
        from dispatch.jobs o where o.job_id = $1
        """;

    // For update: a print-out that is being submitted waits, and then finds that there is no key. One that was first has
    // this wait, which then began too early to see it: who the print-outs are is asked in a statement of its own.
    const string HoldSql = "select from dispatch.jobs where job_id = $1 for update";

    const string LockSql = $"""
        select min(job_id) filter (where state not in ('completed', 'cancelled', 'refused'))
        from (select job_id, state from dispatch.jobs where {AllSql} order by job_id for update) j
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

    const string ForgetSql = $"""
        update dispatch.jobs
        set data_key = null, key_id = null, forgotten_at = clock_timestamp(), forgotten_by = $2
        where {AllSql} and data_key is not null and state in ('completed', 'cancelled', 'refused')
        returning job_id
        """;

    /// <summary>Notes the wish; nothing is lost yet.</summary>
    /// <exception cref="DispatchException"><c>job.unfinished</c>, exit 2.</exception>
    public async Task<ForgetOutcome> AskAsync(int jobId, CancellationToken ct)
    {
        var loss = await ReadLossAsync(jobId, mustBeOver: true, ct);
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
        var loss = await ReadLossAsync(jobId, mustBeOver: true, ct);
        if (loss.ForgottenAt is null)
        {
            await ForgetAsync(jobId, token, limit, loss, ct);

            // A print-out that came, and was over, meanwhile has files too.
            loss = await ReadLossAsync(jobId, mustBeOver: false, ct);
        }

        foreach (var (job, list) in loss.Jobs)
        {
            await files.RemoveAsync(job, list, ct);
        }

        return new(jobId, null, await ReadLossAsync(jobId, mustBeOver: false, ct));
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

        foreach (var forgotten in await DestroyAsync(connection, jobId, ct))
        {
            await Trail.NoteAsync(connection, actor, "key_forget", forgotten, loss.ToString(), ct);
        }

        await transaction.CommitAsync(ct);
    }

    async Task<List<int>> DestroyAsync(NpgsqlConnection connection, int jobId, CancellationToken ct)
    {
        await using var hold = new NpgsqlCommand(HoldSql, connection);
        hold.Parameters.Add(Integer(jobId));
        await hold.ExecuteNonQueryAsync(ct);
        await using var all = new NpgsqlCommand(LockSql, connection);
        all.Parameters.Add(Integer(jobId));
        if (await all.ExecuteScalarAsync(ct) is int unfinished)
        {
            throw Unfinished(unfinished, PrintOut);
        }

        await using var forget = new NpgsqlCommand(ForgetSql, connection);
        forget.Parameters.Add(Integer(jobId));
        forget.Parameters.Add(Text(actor));
        var forgotten = new List<int>();
        await using var row = await forget.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            forgotten.Add(row.GetInt32(0));
        }

        return forgotten;
    }

    async Task<JobLoss> ReadLossAsync(int jobId, bool mustBeOver, CancellationToken ct)
    {
        await using var command = database.CreateCommand(LoseSql);
        command.Parameters.Add(Integer(jobId));
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        if (mustBeOver)
        {
            DemandOver(jobId, row.GetString(0), row[8] as int?);
        }

        List<(int, string)> jobs = [.. row.GetFieldValue<int[]>(6).Zip(row.GetFieldValue<string[]>(7))];
        var batches = 0;
        foreach (var (job, _) in jobs)
        {
            batches += (await files.FindAsync(job, ct)).Count;
        }

        return new(
            row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), batches, row[1] as DateTime?, jobs);
    }

    static void DemandOver(int jobId, string state, int? printOut)
    {
        if (state is not ("completed" or "cancelled" or "refused"))
        {
            throw Unfinished(jobId, state);
        }

        if (printOut is { } unfinished)
        {
            throw Unfinished(unfinished, PrintOut);
        }
    }

    static DispatchException Unfinished(int jobId, string state) => new(
        "job.unfinished",
        $"job {jobId} is {state}; expected one that is completed or cancelled: what was not sent yet would be "
        + "lost; see it through or cancel it first",
        ExitCode.Usage);

    static NpgsqlParameter Hash(string token) =>
        new() { Value = SHA256.HashData(Encoding.UTF8.GetBytes(token)), NpgsqlDbType = NpgsqlDbType.Bytea };
}

/// <param name="Token">Confirms it; null when the job is forgotten.</param>
sealed record ForgetOutcome(int JobId, string? Token, JobLoss Loss);

/// <summary>What cannot be read any more without the data key, and what is removed.</summary>
/// <param name="Printed">Letters of the job that print-outs hold once more.</param>
/// <param name="Files">Print files that the print house has not taken.</param>
/// <param name="Jobs">The job and its print-outs, each with its list.</param>
sealed record JobLoss(
    long Digital, long Paper, long Printed, long Held, int Files, DateTime? ForgottenAt,
    IReadOnlyList<(int Job, string ListFile)> Jobs)
{
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Digital} digital letters, {Paper} letters on paper, {Printed} letters of print-outs, {Held} held rows, "
        + $"{Files} print files, the list");
}
