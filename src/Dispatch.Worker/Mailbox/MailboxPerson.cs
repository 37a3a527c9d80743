using System.Text;
using Dispatch.Routing;
using Dispatch.Routing.Identity;
using Dispatch.Routing.Rules;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Mailbox;

/// <summary>Whose mailbox a number means: letters are kept under the person that a number leads to.</summary>
static class MailboxPerson
{
    const int HopsMax = 4;

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

    /// <param name="number">A CPR or CVR number, as it was typed.</param>
    /// <returns>Their person_id.</returns>
    /// <exception cref="DispatchException"><c>person.number</c>, <c>person.unknown</c>; exit 2.</exception>
    public static async Task<int> FindAsync(NpgsqlDataSource database, string number, CancellationToken ct)
    {
        var text = Encoding.UTF8.GetBytes(number.Trim());
        await using var command = database.CreateCommand();
        if (CvrNumber.HasForm(text))
        {
            CvrNumber.Parse(text, out var cvr);
            command.CommandText = CompanySql;
            command.Parameters.Add(new() { Value = (int)cvr.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        }
        else if (CprNumber.Parse(text, int.MaxValue, out var cpr) == Reason.None)
        {
            command.CommandText = PersonSql;
            command.Parameters.Add(new() { Value = (long)cpr.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
            command.Parameters.Add(new() { Value = HopsMax, NpgsqlDbType = NpgsqlDbType.Integer });
        }
        else
        {
            throw new DispatchException(
                "person.number", "what was given is no CPR or CVR number; expected one, on a line of standard input",
                ExitCode.Usage);
        }

        return await command.ExecuteScalarAsync(ct) as int? ?? throw new DispatchException(
            "person.unknown", "the register does not have that number; expected somebody's in it", ExitCode.Usage);
    }
}
