using System.Globalization;
using Dispatch.Worker.Database;
using Npgsql;
using NpgsqlTypes;
using static Dispatch.Worker.Database.SqlValue;

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
            insert into register.own_letters (kind, cpr, made_on, asked_by)
            select 'print-out', number, $2, $3 from register.events where file_no = $1
            returning letter_no, cpr)
        insert into register.print_outs (letter_no, letter_job, letter_row, fault)
        select c.letter_no, l.job_id, l.row_no,
               case when j.data_key is null then 'key.forgotten' when l.sealed = '' then 'letter.purged' end
        from cover c
        join register.people p on p.cpr = c.cpr
        cross join lateral register.ids_of(p.person_id) whose(ids)
        join mailbox.letters l on l.person_id = any(whose.ids) and l.available_at <= clock_timestamp()
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

    // Whose a letter is, is asked of the register and the mailbox again: a line that says otherwise prints nothing.
    // Recalled meanwhile: no longer the person's to have.
    const string LettersSql =
        """
        select o.letter_no, o.letter_job, o.letter_row, to_char(l.cpr, 'FM0000000000'), m.person_id,
               coalesce(l.asked_by, ''),
               exists (select from mailbox.recalls r
                       where r.job_id = o.letter_job and o.letter_row between r.first_row and r.last_row)
        from register.print_outs o
        join register.own_letters l on l.letter_no = o.letter_no
        join dispatch.jobs j on j.job_id = o.letter_job
        left join register.people p on p.cpr = l.cpr
        left join mailbox.letters m on m.segment = j.segment and m.job_id = o.letter_job and m.row_no = o.letter_row
             and m.person_id = any(register.ids_of(p.person_id)) and o.letter_job = $2
        where o.reference = $1 and o.fault is null
        order by o.letter_no, o.letter_row
        """;

    const string FaultsSql =
        """
        update register.print_outs o set fault = u.fault, row_no = null
        from unnest($1, $2, $3, $4) u(letter_no, letter_job, letter_row, fault)
        where o.letter_no = u.letter_no and o.letter_job = u.letter_job and o.letter_row = u.letter_row
        """;

    const string RowsSql =
        """
        update register.print_outs o set row_no = u.row_no
        from unnest($1, $2, $3, $4) u(letter_no, letter_job, letter_row, row_no)
        where o.letter_no = u.letter_no and o.letter_job = u.letter_job and o.letter_row = u.letter_row
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
    /// <param name="actor">Who asks for it.</param>
    public static async Task AddAsync(
        NpgsqlConnection connection, int fileNo, DateOnly date, string actor, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(AddSql, connection);
        command.Parameters.Add(new() { Value = fileNo, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = date, NpgsqlDbType = NpgsqlDbType.Date });
        command.Parameters.Add(Text(actor));
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Makes jobs of the letters that are in none.</summary>
    public static async Task GatherAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(GatherSql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <returns>The letters of a job, in the order they are printed in.</returns>
    public static async Task<IReadOnlyList<PrintedLetter>> LettersAsync(
        NpgsqlDataSource db, OwnJob job, CancellationToken ct)
    {
        await using var command = db.CreateCommand(LettersSql);
        command.Parameters.Add(Text(job.Reference));
        command.Parameters.Add(Integer(job.PrintOf!.Value));
        await using var row = await command.ExecuteReaderAsync(ct);
        var letters = new List<PrintedLetter>();
        while (await row.ReadAsync(ct))
        {
            letters.Add(new(
                row.GetInt64(0), row.GetInt32(1), row.GetInt32(2), row.GetString(3), row[4] as int?, row.GetString(5),
                row.GetBoolean(6)));
        }

        return letters;
    }

    /// <summary>These are not printed, each for its reason; told in the trail, as a letter that is missing must
    /// be.</summary>
    public static async Task SetFaultsAsync(
        NpgsqlDataSource db, IReadOnlyList<(PrintedLetter Letter, string Fault)> faults, string actor,
        CancellationToken ct)
    {
        if (faults.Count == 0)
        {
            return;
        }

        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var command = Command(connection, FaultsSql, faults.Select(one => one.Letter));
        command.Parameters.Add(Texts(faults.Select(one => one.Fault)));
        await command.ExecuteNonQueryAsync(ct);
        foreach (var (letter, fault) in faults)
        {
            var detail = string.Create(CultureInfo.InvariantCulture, $"row {letter.Row}: {fault}");
            await Trail.NoteAsync(connection, actor, "print_out_fault", letter.Job, detail, ct);
        }

        await transaction.CommitAsync(ct);
    }

    /// <summary>The letters are rows 1, 2, … of the job that is about to be submitted.</summary>
    public static async Task SetRowsAsync(
        NpgsqlDataSource db, IReadOnlyList<PrintedLetter> letters, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = Command(connection, RowsSql, letters);
        command.Parameters.Add(Integers(Enumerable.Range(1, letters.Count)));
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <returns>The letters of a print-out that are not printed.</returns>
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

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, IEnumerable<PrintedLetter> letters)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new()
        {
            Value = letters.Select(letter => letter.No).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint,
        });
        command.Parameters.Add(Integers(letters.Select(letter => letter.Job)));
        command.Parameters.Add(Integers(letters.Select(letter => letter.Row)));
        return command;
    }
}

/// <summary>A letter of a print-out. Holds a CPR number: never logged.</summary>
/// <param name="No">Of the cover letter.</param>
/// <param name="Job">The job it came with.</param>
/// <param name="Row">Its row there.</param>
/// <param name="PersonId">Whom the envelope is for, and whose mailbox the letter is in; null = it is not in
/// theirs.</param>
/// <param name="AskedBy">Who asked for the print-out; empty = not known.</param>
sealed record PrintedLetter(
    long No, int Job, int Row, string Cpr, int? PersonId, string AskedBy, bool IsRecalled)
{
    // A record's own text would tell the number.
    public override string ToString() => $"{No}";
}

/// <summary>A letter of a print-out that is not printed.</summary>
/// <param name="Reason"><c>key.forgotten</c>, <c>letter.purged</c>, <c>letter.recalled</c>, <c>letter.unreadable</c>,
/// <c>letter.none</c> or <c>letter.not_own</c>.</param>
sealed record LostLetter(int Job, int Row, string Reason);
