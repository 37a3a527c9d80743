using Dispatch.Routing;
using Npgsql;
using static Dispatch.Worker.Database.SqlValue;

namespace Dispatch.Worker.Intake;

/// <summary>
/// The job whose letters another prints once more, at the moment that one is accepted. Whoever forgets or recalls it
/// meanwhile waits until that is done, and then finds the new one; or was first.
/// </summary>
static class PrintedOriginal
{
    const string HoldSql = "select data_key is not null from dispatch.jobs where job_id = $1 for key share";

    // A statement of its own: what held the original up may have been a recall, which the one before began too early
    // to see.
    const string RecalledSql = """
        select exists (
            select from register.print_outs o
            join mailbox.recalls r on r.job_id = o.letter_job and o.letter_row between r.first_row and r.last_row
            where o.reference = $2 and o.letter_job = $1 and o.row_no is not null and o.fault is null)
        """;

    /// <param name="reference">Of the job that prints.</param>
    /// <exception cref="DispatchException"><c>key.forgotten</c>, exit 2; <c>letter.recalled</c>, exit 75: the job must be
    /// made anew, without what was recalled.</exception>
    public static async Task DemandAsync(
        NpgsqlConnection connection, int originalId, string reference, CancellationToken ct)
    {
        await using var hold = new NpgsqlCommand(HoldSql, connection);
        hold.Parameters.Add(Integer(originalId));
        if (await hold.ExecuteScalarAsync(ct) is not true)
        {
            throw new DispatchException(
                "key.forgotten",
                $"job {originalId} was forgotten while its letters were being printed once more; expected a job that was "
                + "not forgotten",
                ExitCode.Usage);
        }

        await using var ask = new NpgsqlCommand(RecalledSql, connection);
        ask.Parameters.Add(Integer(originalId));
        ask.Parameters.Add(Text(reference));
        if (await ask.ExecuteScalarAsync(ct) is true)
        {
            throw new DispatchException(
                "letter.recalled",
                $"letters of job {originalId} were recalled while they were being printed once more; expected letters that "
                + "are in their mailboxes; run register apply again, which leaves those out",
                ExitCode.TryAgain);
        }
    }
}
