using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Register.Enrolments;

/// <summary>
/// The post people had received when they became exempt and asked for it on paper. Which letters those are is stored
/// with the exemption; they go out as jobs of the operator's own, one for each job they came with, oldest first.
/// </summary>
static class PrintOuts
{
    // What is recalled, or not available yet, is not in the mailbox.
    const string AddSql =
        """
        with cover as (
            insert into register.own_letters (kind, cpr, made_on)
            select 'print-out', number, $2 from register.events where file_no = $1
            returning letter_no, cpr)
        insert into register.print_outs (letter_no, letter_job, letter_row, fault)
        select c.letter_no, l.job_id, l.row_no,
               case when j.data_key is null then 'key.forgotten' when l.sealed = '' then 'letter.purged' end
        from cover c
        join register.people p on p.cpr = c.cpr
        join mailbox.letters l on l.person_id = p.person_id and l.available_at <= clock_timestamp()
        join dispatch.jobs j on j.job_id = l.job_id
        where not exists (
            select from mailbox.recalls r where r.job_id = l.job_id and l.row_no between r.first_row and r.last_row)
        """;

    // After the covers, oldest first: jobs are sent in the order they were made.
    const string GatherSql =
        """
        with due as (
            select o.letter_job, min(min(o.letter_no)) over () as first, row_number() over (
                order by min(j.released_at), o.letter_job) as step
            from register.print_outs o join dispatch.jobs j on j.job_id = o.letter_job
            where o.reference is null and o.fault is null
            group by o.letter_job),
        jobs as (
            insert into register.own_jobs (reference, kind, print_of)
            select 'print-out-letters-' || first || '-' || to_char(step, 'FM00000'), 'print-out-letters', letter_job
            from due order by step returning reference, print_of)
        update register.print_outs o set reference = j.reference
        from jobs j where o.letter_job = j.print_of and o.reference is null and o.fault is null
        """;

    // Recalled meanwhile: no longer the person's to have.
    const string LettersSql =
        """
        select to_char(l.cpr, 'FM0000000000'), o.letter_row
        from register.print_outs o join register.own_letters l using (letter_no)
        where o.reference = $1 and o.fault is null
          and not exists (
              select from mailbox.recalls r
              where r.job_id = o.letter_job and o.letter_row between r.first_row and r.last_row)
        order by o.letter_no, o.letter_row
        """;

    const string FaultSql =
        """
        update register.print_outs set fault = $3 where reference = $1 and ($2::int is null or letter_row = $2)
        """;

    const string LostSql =
        """
        select letter_job, letter_row, fault from register.print_outs
        where fault is not null and letter_no in (
            select l.letter_no from register.own_letters l join register.events e on e.number = l.cpr
            where l.kind = 'print-out' and e.version = $1)
        order by letter_job, letter_row
        """;

    /// <summary>What is in the mailbox now of whom a command's change was about, in its transaction.</summary>
    public static async Task AddAsync(NpgsqlConnection connection, int fileNo, DateOnly date, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(AddSql, connection);
        command.Parameters.Add(new() { Value = fileNo, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = date, NpgsqlDbType = NpgsqlDbType.Date });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Makes jobs of the letters that are in none.</summary>
    public static async Task GatherAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(GatherSql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <returns>The letters of a job: whose they are, by CPR number, and the row they were.</returns>
    public static async Task<IReadOnlyList<(string Cpr, int Row)>> LettersAsync(
        NpgsqlDataSource db, OwnJob job, CancellationToken ct)
    {
        await using var command = db.CreateCommand(LettersSql);
        command.Parameters.Add(new() { Value = job.Reference, NpgsqlDbType = NpgsqlDbType.Text });
        await using var row = await command.ExecuteReaderAsync(ct);
        var letters = new List<(string, int)>();
        while (await row.ReadAsync(ct))
        {
            letters.Add((row.GetString(0), row.GetInt32(1)));
        }

        return letters;
    }

    /// <summary>Nobody can open a letter of the job, or any of them.</summary>
    public static async Task SetFaultAsync(
        NpgsqlDataSource db, OwnJob job, int? letterRow, string fault, CancellationToken ct)
    {
        await using var command = db.CreateCommand(FaultSql);
        command.Parameters.Add(new() { Value = job.Reference, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(
            new() { Value = (object?)letterRow ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = fault, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <returns>The letters of a print-out that nobody can open.</returns>
    /// <param name="version">Of the register, that the exemption made.</param>
    public static async Task<IReadOnlyList<LostLetter>> LostAsync(
        NpgsqlDataSource db, long version, CancellationToken ct)
    {
        await using var command = db.CreateCommand(LostSql);
        command.Parameters.Add(new() { Value = version, NpgsqlDbType = NpgsqlDbType.Bigint });
        await using var row = await command.ExecuteReaderAsync(ct);
        var lost = new List<LostLetter>();
        while (await row.ReadAsync(ct))
        {
            lost.Add(new(row.GetInt32(0), row.GetInt32(1), row.GetString(2)));
        }

        return lost;
    }
}

/// <summary>A letter that was in a mailbox and that nobody can open any more.</summary>
/// <param name="Reason"><c>key.forgotten</c> or <c>letter.purged</c>.</param>
sealed record LostLetter(int Job, int Row, string Reason);
