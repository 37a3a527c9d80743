using Npgsql;
using NpgsqlTypes;
using static Dispatch.Worker.Database.SqlValue;

namespace Dispatch.Worker.Register.Enrolments;

/// <summary>
/// Letters the operator of Digital Post owes people, gathered into jobs: one for all of a kind that are due. Which
/// letters a job has is stored before it is submitted, so that a repeat submits the same one.
/// </summary>
static class OwnLetters
{
    const string AddSql =
        """
        insert into register.own_letters (kind, cpr, made_on)
        select $1, number, $3 from register.events where file_no = $2
        """;

    // Two of these at a time would make two jobs of the same letters: the caller sees to it that there is one.
    const string GatherSql =
        """
        with due as (
            select kind, min(letter_no) as first, max(letter_no) as last, min(made_on) as made_on
            from register.own_letters where reference is null group by kind),
        jobs as (
            insert into register.own_jobs (reference, kind)
            select kind || '-' || to_char(made_on, 'YYYY-MM-DD') || '-' || first, kind from due
            returning reference, kind)
        update register.own_letters l set reference = j.reference
        from jobs j where l.kind = j.kind and l.reference is null
        """;

    const string UnfinishedSql =
        """
        select o.reference, o.kind, o.print_of from register.own_jobs o
        left join dispatch.jobs j on j.job_id = o.job_id
        where o.submitted_at is null or j.state in ('received', 'checked', 'running', 'composing', 'handing_off')
        order by o.made_at, o.reference
        """;

    const string UnsubmittedSql =
        "select reference, kind, print_of from register.own_jobs where submitted_at is null order by made_at, reference";

    const string AnyWaitSql =
        """
        select exists (select from register.own_letters where reference is null)
            or exists (select from register.own_jobs where submitted_at is null)
        """;

    // Of a print-out's cover: how many letters follow, and how many nobody could open when it was asked for.
    const string LinesSql =
        """
        select to_char(l.cpr, 'FM0000000000') || case when l.kind = 'print-out' then (
                   select ';' || count(*) filter (where o.reference is not null) || ';'
                       || count(*) filter (where o.reference is null)
                   from register.print_outs o where o.letter_no = l.letter_no) else '' end
        from register.own_letters l where l.reference = $1 order by l.letter_no
        """;

    const string SubmittedSql =
        """
        update register.own_jobs set submitted_at = clock_timestamp(), job_id = $2 where reference = $1
        """;

    /// <summary>A letter for whom a command's change was about, in its transaction.</summary>
    public static async Task AddAsync(
        NpgsqlConnection connection, string kind, int fileNo, DateOnly date, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(AddSql, connection);
        command.Parameters.Add(Text(kind));
        command.Parameters.Add(new() { Value = fileNo, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = date, NpgsqlDbType = NpgsqlDbType.Date });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Makes jobs of the letters that are in none.</summary>
    public static async Task GatherAsync(NpgsqlDataSource db, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var command = new NpgsqlCommand(GatherSql, connection);
        await command.ExecuteNonQueryAsync(ct);
        await PrintOuts.GatherAsync(connection, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>The jobs that were not submitted yet.</summary>
    public static Task<IReadOnlyList<OwnJob>> FindUnsubmittedAsync(NpgsqlDataSource db, CancellationToken ct) =>
        FindAsync(db, UnsubmittedSql, ct);

    /// <summary>Those, and the ones that were and are on their way; what waits for somebody is not.</summary>
    public static Task<IReadOnlyList<OwnJob>> FindUnfinishedAsync(NpgsqlDataSource db, CancellationToken ct) =>
        FindAsync(db, UnfinishedSql, ct);

    /// <summary>Whether any letter is not in a submitted job yet.</summary>
    public static async Task<bool> AnyWaitAsync(NpgsqlDataSource db, CancellationToken ct)
    {
        await using var command = db.CreateCommand(AnyWaitSql);
        return await command.ExecuteScalarAsync(ct) is true;
    }

    /// <summary>The list of a job, without its header.</summary>
    public static async Task<IReadOnlyList<string>> LinesAsync(NpgsqlDataSource db, OwnJob job, CancellationToken ct)
    {
        await using var command = db.CreateCommand(LinesSql);
        command.Parameters.Add(Text(job.Reference));
        await using var row = await command.ExecuteReaderAsync(ct);
        var lines = new List<string>();
        while (await row.ReadAsync(ct))
        {
            lines.Add(row.GetString(0));
        }

        return lines;
    }

    /// <param name="jobId">What it became; null = nothing of it can be sent.</param>
    public static async Task MarkSubmittedAsync(NpgsqlDataSource db, OwnJob job, int? jobId, CancellationToken ct)
    {
        await using var command = db.CreateCommand(SubmittedSql);
        command.Parameters.Add(Text(job.Reference));
        command.Parameters.Add(new() { Value = (object?)jobId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        await command.ExecuteNonQueryAsync(ct);
    }

    static async Task<IReadOnlyList<OwnJob>> FindAsync(NpgsqlDataSource db, string sql, CancellationToken ct)
    {
        await using var command = db.CreateCommand(sql);
        await using var row = await command.ExecuteReaderAsync(ct);
        var jobs = new List<OwnJob>();
        while (await row.ReadAsync(ct))
        {
            jobs.Add(new(row.GetString(0), row.GetString(1), row[2] as int?));
        }

        return jobs;
    }
}

/// <summary>A job of the operator's own letters, all of one kind.</summary>
/// <param name="PrintOf">The job whose letters it prints once more; null = it has a letter of its own.</param>
readonly record struct OwnJob(string Reference, string Kind, int? PrintOf = null);
