using System.Security.Cryptography;
using Dispatch.Routing;
using Dispatch.Routing.Pipeline;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Security;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Mailbox;

/// <summary>The letter of one row as it was stored, digital or paper, opened for somebody with a reason to read it.
/// </summary>
static class StoredLetter
{
    const string Salt = """
               coalesce((select r.salt from dispatch.releases r where r.job_id = $1 and r.row_no = $2),
                        (select c.salt from dispatch.chunks c
                         where c.job_id = $1 and $2 >= c.first_row and $2 < c.first_row + c.rows))
        """;

    const string FindSalt =
        $"select {Salt}, exists (select from dispatch.purges p where p.job_id = $1 and p.class = 'letters')";

    const string Find = $"""
        select l.person_id, l.sealed, l.purpose, {Salt},
               l.sealed = '' and exists (select from dispatch.purges p where p.job_id = $1 and p.class = l.class)
        from (
            select person_id, sealed, 1 as purpose, 'letters' as class from mailbox.letters
            where segment = $3 and job_id = $1 and row_no = $2
            union all
            select person_id, sealed, 2, 'pieces' from dispatch.pieces where job_id = $1 and row_no = $2
        ) l
        """;

    const string Note = """
        insert into dispatch.events (actor, action, job_id, row_no, detail) values ($1, 'read_letter', $2, $3, $4)
        """;

    /// <summary>Opens a row's letter; that it was read is on record before anything of it is.</summary>
    /// <param name="fieldCount">List columns the letter uses.</param>
    /// <param name="reason">Why it is read, for the trail.</param>
    /// <param name="owner">In whose mailbox it must be: nobody else's letter opens. Null = whoever got it, on paper
    /// too.</param>
    /// <exception cref="DispatchException"><c>letter.none</c>, exit 2: the row has no letter; <c>letter.purged</c>,
    /// exit 2; <c>letter.unreadable</c>, <c>letter.not_own</c>, exit 1.</exception>
    public static async Task<LetterValues> OpenAsync(
        NpgsqlDataSource database, AcceptedJob job, int rowNo, int fieldCount, JobKey key, string actor, string reason,
        CancellationToken ct, int? owner = null)
    {
        await NoteAsync(database, job.JobId, rowNo, actor, reason, ct);
        await using var command = database.CreateCommand(Find);
        command.Parameters.Add(new() { Value = job.JobId, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = rowNo, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = job.Segment, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct))
        {
            throw new DispatchException(
                "letter.none",
                $"row {rowNo} of job {job.JobId} has no letter; expected a row that went digital or on paper; see "
                + $"dispatch explain {job.JobId} --row {rowNo}",
                ExitCode.Usage);
        }

        var (person, purpose) = (row.GetInt32(0), (SealPurpose)row.GetInt32(2));
        if (owner is not null && (person != owner || purpose != SealPurpose.Letter))
        {
            throw new DispatchException(
                "letter.not_own",
                $"the letter of row {rowNo} of job {job.JobId} is not in the mailbox of whom it was asked for; expected "
                + "their own; somebody changed a table: see dispatch audit",
                ExitCode.Failed);
        }

        // On record, that is: a value that somebody emptied is a letter that does not open.
        if (row.GetBoolean(4))
        {
            throw PurgedFault(job, rowNo);
        }

        return Open(
            job, rowNo, fieldCount, key, new(person, row.GetFieldValue<byte[]>(1)), purpose,
            row.GetFieldValue<byte[]>(3));
    }

    /// <summary>Opens a digital letter that a mailbox's reader found, which is on record already.</summary>
    /// <exception cref="DispatchException"><c>letter.purged</c>, exit 2; <c>letter.unreadable</c>, exit 1.</exception>
    public static async Task<LetterValues> OpenAsync(
        NpgsqlDataSource database, AcceptedJob job, int rowNo, int fieldCount, JobKey key, SealedLetter found,
        CancellationToken ct)
    {
        await using var command = database.CreateCommand(FindSalt);
        command.Parameters.Add(new() { Value = job.JobId, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = rowNo, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return found.Values.Length == 0 && row.GetBoolean(1)
            ? throw PurgedFault(job, rowNo)
            : Open(job, rowNo, fieldCount, key, found, SealPurpose.Letter, row.GetFieldValue<byte[]>(0));
    }

    static DispatchException PurgedFault(AcceptedJob job, int rowNo) =>
        new("letter.purged",
            $"what stood in the letter of row {rowNo} of job {job.JobId} was purged; expected a letter "
            + "that is kept; see Retention in docs/configuration.md, and dispatch explain for what became of the row",
            ExitCode.Usage);

    static LetterValues Open(
        AcceptedJob job, int rowNo, int fieldCount, JobKey key, SealedLetter letter, SealPurpose purpose, byte[] salt)
    {
        var plain = new byte[Math.Max(0, letter.Values.Length - LetterSeal.TagBytes)];
        var values = new LetterValues(fieldCount);
        try
        {
            using var seal = key.ForChunk(salt);
            seal.Open(job.JobId, rowNo, letter.PersonId, job.TemplateId, purpose, letter.Values, plain);
            values.Load(plain);
        }
        catch (Exception fault) when (fault is CryptographicException or InvalidDataException)
        {
            throw new DispatchException(
                "letter.unreadable",
                $"the stored letter of row {rowNo} of job {job.JobId} does not open; expected it as it was sealed; the table was "
                + "changed or restored in part: restore the whole database",
                ExitCode.Failed, fault);
        }

        return values;
    }

    static async Task NoteAsync(
        NpgsqlDataSource database, int jobId, int rowNo, string actor, string reason, CancellationToken ct)
    {
        await using var command = database.CreateCommand(Note);
        command.Parameters.Add(new() { Value = actor, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = rowNo, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = reason, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(ct);
    }
}
