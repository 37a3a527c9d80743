using System.Globalization;
using System.Text;
using Dispatch.Routing;
using Dispatch.Routing.Identity;
using Dispatch.Routing.Rules;
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
    const int HopsMax = 4;

    // Numbers change: letters are kept under the person that a number leads to.
    const string PersonSql = """
        with recursive chain as (
            select cpr, person_id, status, current_cpr, 0 as hops from register.people where cpr = $1
            union all
            select p.cpr, p.person_id, p.status, p.current_cpr, c.hops + 1
            from chain c join register.people p on p.cpr = c.current_cpr
            where c.status in (50, 60) and c.hops < $2
        )
        select person_id from chain order by hops desc limit 1
        """;

    const string CompanySql = "select person_id from register.companies where cvr = $1";

    // A list is told of whole: which rows it had, its detail says, and that may be cut short.
    const string FindSql = """
        with rows as (
            select job_id, row_no from mailbox.letters where person_id = $1
            union all
            select job_id, row_no from dispatch.pieces where person_id = $1
        )
        select e.at, e.actor, e.action, e.job_id, e.row_no, e.detail
        from dispatch.events e
        where e.action = 'read_letter' and exists (
                  select from rows r where r.job_id = e.job_id and r.row_no = e.row_no)
           or e.action = 'recall_list' and exists (select from rows r where r.job_id = e.job_id)
        order by e.event_no
        """;

    /// <summary>Every look-up there was; that it was asked for is on record, and who was asked about is not.</summary>
    /// <param name="number">A CPR or CVR number, as it was typed.</param>
    /// <param name="reason">Why, for the trail.</param>
    /// <exception cref="DispatchException"><c>person.number</c>, <c>person.unknown</c>; exit 2.</exception>
    public static async Task<IReadOnlyList<LookUp>> FindAsync(
        NpgsqlDataSource database, string number, string actor, string reason, CancellationToken ct)
    {
        var person = await FindPersonAsync(database, Encoding.UTF8.GetBytes(number.Trim()), ct);
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
                row.GetInt32(3).ToString(CultureInfo.InvariantCulture),
                row[4] as int?, row.GetString(5)));
        }

        return found;
    }

    static async Task<int> FindPersonAsync(NpgsqlDataSource database, byte[] number, CancellationToken ct)
    {
        await using var command = database.CreateCommand();
        if (CvrNumber.HasForm(number))
        {
            CvrNumber.Parse(number, out var cvr);
            command.CommandText = CompanySql;
            command.Parameters.Add(new() { Value = (int)cvr.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        }
        else if (CprNumber.Parse(number, int.MaxValue, out var cpr) == Reason.None)
        {
            command.CommandText = PersonSql;
            command.Parameters.Add(new() { Value = (long)cpr.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
            command.Parameters.Add(new() { Value = HopsMax, NpgsqlDbType = NpgsqlDbType.Integer });
        }
        else
        {
            throw new DispatchException(
                "person.number", "what was read from standard input is no CPR or CVR number; expected one, on a line",
                ExitCode.Usage);
        }

        return await command.ExecuteScalarAsync(ct) as int? ?? throw new DispatchException(
            "person.unknown", "the register does not have that number; expected somebody's in it", ExitCode.Usage);
    }
}

/// <param name="Action"><c>read_letter</c>, or <c>recall_list</c>: who got letters of these rows of the job was
/// listed; the person has a row of that job, not always one of these.</param>
/// <param name="Row">Null for a list.</param>
/// <param name="Detail">The reason that was given, or the rows.</param>
sealed record LookUp(DateTime At, string Actor, string Action, string Job, int? Row, string Detail);
