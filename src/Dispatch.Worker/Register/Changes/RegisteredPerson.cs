using System.Text;
using Dispatch.Routing;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Register.Changes;

/// <summary>A living person as the register has them, under their number of today.</summary>
/// <param name="Facts">PersonFacts.Packed.</param>
/// <param name="Guardian">0 = none.</param>
/// <param name="Content">The columns a change puts, as a JSON object.</param>
sealed record RegisteredPerson(uint Cpr, int Facts, uint Guardian, string Content)
{
    const int HopsMax = 4;

    const string FindSql =
        """
        with recursive chain as (
            select cpr, status, current_cpr, 0 as hops from register.people where cpr = $1 and not removed
            union all
            select p.cpr, p.status, p.current_cpr, c.hops + 1
            from chain c join register.people p on p.cpr = c.current_cpr
            where c.status in (50, 60) and c.hops < $2 and not p.removed
        )
        select p.cpr, p.facts, coalesce(p.guardian, 0),
               (jsonb_strip_nulls(to_jsonb(p)) - 'cpr' - 'person_id' - 'removed')::text
        from register.people p
        where p.cpr = (select cpr from chain order by hops desc limit 1) and p.status not in (10, 30, 50, 60, 90)
        """;

    const string NumbersSql =
        """
        with recursive numbers as (
            select $1 as cpr, 0 as hops
            union
            select p.cpr, n.hops + 1 from numbers n join register.people p on p.current_cpr = n.cpr
            where p.status in (50, 60) and not p.removed and n.hops < $2
        )
        select array_agg(cpr) from numbers
        """;

    /// <param name="number">A CPR number, as it was typed.</param>
    /// <exception cref="DispatchException"><c>person.number</c>, <c>person.unknown</c>; exit 2.</exception>
    public static async Task<RegisteredPerson> FindAsync(
        NpgsqlConnection connection, string number, CancellationToken ct)
    {
        if (!RegisterValue.TryCpr(Encoding.UTF8.GetBytes(number.Trim()), out var cpr))
        {
            throw new DispatchException(
                "person.number", "what was given is no CPR number; expected one, on a line of standard input",
                ExitCode.Usage);
        }

        await using var command = new NpgsqlCommand(FindSql, connection);
        command.Parameters.Add(new() { Value = (long)cpr, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = HopsMax, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new((uint)row.GetInt64(0), row.GetInt32(1), (uint)row.GetInt64(2), row.GetString(3))
            : throw new DispatchException(
                "person.unknown", "the register has nobody living under that number; expected somebody's in it",
                ExitCode.Usage);
    }

    /// <summary>The person's number and the older ones that lead to it: what was agreed under any of them counts.
    /// </summary>
    public async Task<long[]> NumbersAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(NumbersSql, connection);
        command.Parameters.Add(new() { Value = (long)Cpr, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = HopsMax, NpgsqlDbType = NpgsqlDbType.Integer });
        return (long[])(await command.ExecuteScalarAsync(ct))!;
    }
}
