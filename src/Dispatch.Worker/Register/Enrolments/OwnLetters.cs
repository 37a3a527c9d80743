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
        select o.reference, o.kind from register.own_jobs o
        left join dispatch.jobs j on j.sender_cvr = $1 and j.reference = o.reference
        where o.submitted_at is null or j.state in ('received', 'checked', 'running', 'composing', 'handing_off')
        order by o.made_at, o.reference
        """;

    const string UnsubmittedSql =
        "select reference, kind from register.own_jobs where submitted_at is null order by made_at, reference";

    const string NumbersSql =
        "select to_char(cpr, 'FM0000000000') from register.own_letters where reference = $1 order by letter_no";

    const string SubmittedSql = "update register.own_jobs set submitted_at = clock_timestamp() where reference = $1";

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
        await using var command = db.CreateCommand(GatherSql);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The jobs that were not submitted yet.</summary>
    public static Task<IReadOnlyList<OwnJob>> FindUnsubmittedAsync(NpgsqlDataSource db, CancellationToken ct) =>
        FindAsync(db, UnsubmittedSql, ct);

    /// <summary>Those, and the ones that were and are on their way; what waits for somebody is not.</summary>
    public static Task<IReadOnlyList<OwnJob>> FindUnfinishedAsync(
        NpgsqlDataSource db, string senderCvr, CancellationToken ct) =>
        FindAsync(db, UnfinishedSql, ct, Text(senderCvr));

    public static async Task<IReadOnlyList<string>> NumbersAsync(NpgsqlDataSource db, OwnJob job, CancellationToken ct)
    {
        await using var command = db.CreateCommand(NumbersSql);
        command.Parameters.Add(Text(job.Reference));
        await using var row = await command.ExecuteReaderAsync(ct);
        var numbers = new List<string>();
        while (await row.ReadAsync(ct))
        {
            numbers.Add(row.GetString(0));
        }

        return numbers;
    }

    public static async Task MarkSubmittedAsync(NpgsqlDataSource db, OwnJob job, CancellationToken ct)
    {
        await using var command = db.CreateCommand(SubmittedSql);
        command.Parameters.Add(Text(job.Reference));
        await command.ExecuteNonQueryAsync(ct);
    }

    static async Task<IReadOnlyList<OwnJob>> FindAsync(
        NpgsqlDataSource db, string sql, CancellationToken ct, params NpgsqlParameter[] parameters)
    {
        await using var command = db.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await using var row = await command.ExecuteReaderAsync(ct);
        var jobs = new List<OwnJob>();
        while (await row.ReadAsync(ct))
        {
            jobs.Add(new(row.GetString(0), row.GetString(1)));
        }

        return jobs;
    }
}

/// <summary>A job of the operator's own letters, all of one kind.</summary>
readonly record struct OwnJob(string Reference, string Kind);
