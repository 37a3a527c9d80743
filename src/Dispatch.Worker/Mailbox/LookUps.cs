using System.Globalization;
using Dispatch.Routing;
using Dispatch.Worker.Database;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Mailbox;

/// <summary>
/// Who has looked a person's letters up, from the trail: people may ask. The trail knows jobs and rows only; whose they
/// are, the effects and the register know. So no number is stored for this, not even as a hash, of which all could be
/// tried.
/// </summary>
static class LookUps
{
    // A list is told of whole: which rows it had, its detail says, and that may be cut short.
    const string FindSql = """
        with whose as materialized (
            select register.ids_of($1) as ids
        ), rows as (
            select job_id, row_no from mailbox.letters where person_id = any((select ids from whose)::int[])
            union all
            select job_id, row_no from dispatch.pieces where person_id = any((select ids from whose)::int[])
        )
        select e.at, e.actor, e.action, e.job_id, e.row_no, e.detail
        from dispatch.events e
        where e.action = 'read_letter' and exists (
                  select from rows r where r.job_id = e.job_id and r.row_no = e.row_no)
           or e.action = 'recall_list' and exists (select from rows r where r.job_id = e.job_id)
        union all
        select k.at, k.actor, 'mailbox_' || k.action, k.job_id, k.row_no,
               case when k.reader_id = k.person_id then 'as the owner: ' else 'as a reader: ' end || k.reason
        from mailbox.looks k
        where k.person_id = any((select ids from whose)::int[])
        order by 1
        """;

    /// <summary>Every look-up there was; that it was asked for is on record, and who was asked about is not.</summary>
    /// <param name="number">A CPR or CVR number, as it was typed.</param>
    /// <param name="reason">Why, for the trail.</param>
    /// <exception cref="DispatchException"><c>person.number</c>, <c>person.unknown</c>; exit 2.</exception>
    public static async Task<IReadOnlyList<LookUp>> FindAsync(
        NpgsqlDataSource database, string number, string actor, string reason, CancellationToken ct)
    {
        var person = await MailboxPerson.FindAsync(database, number, ct);
        await Trail.NoteAsync(database, actor, "lookups", null, reason, ct);
        await using var command = database.CreateCommand(FindSql);
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = person, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var row = await command.ExecuteReaderAsync(ct);
        var found = new List<LookUp>();
        while (await row.ReadAsync(ct))
        {
            found.Add(new(
                row.GetDateTime(0), row.GetString(1), row.GetString(2),
                row.IsDBNull(3) ? null : row.GetInt32(3).ToString(CultureInfo.InvariantCulture),
                row[4] as int?, row.GetString(5)));
        }

        return found;
    }
}

/// <param name="Action"><c>read_letter</c>, or <c>recall_list</c>: who got letters of these rows of the job was
/// listed; the person has a row of that job, not always one of these; <c>mailbox_list</c> and <c>mailbox_read</c>: by
/// the command <c>mailbox</c>.</param>
/// <param name="Job">Null when a mailbox was listed.</param>
/// <param name="Row">Null for a list.</param>
/// <param name="Detail">The reason that was given, or the rows.</param>
sealed record LookUp(DateTime At, string Actor, string Action, string? Job, int? Row, string Detail);
