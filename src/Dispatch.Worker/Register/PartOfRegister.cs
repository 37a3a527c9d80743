using Dispatch.Routing.Register;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Register;

/// <summary>
/// The facts of a few people: those asked for, whom their numbers were changed to, and, where registrations matter, the
/// earlier numbers of all these, since a registration made under one of them counts.
/// </summary>
static class PartOfRegister
{
    // Routing rule 5 follows four changes of number; the fifth number is loaded so that routing sees that there is one.
    const int ChangesMax = 5;

    const string ByNumberSql =
        """
        select cpr, person_id, facts, birth_day, current_cpr, name
        from register.people where cpr = any($1) and not removed
        """;

    const string ByCurrentNumberSql =
        """
        select cpr, person_id, facts, birth_day, current_cpr, name
        from register.people where current_cpr = any($1) and not removed
        """;

    const string CompaniesSql =
        "select cvr, person_id, facts, name from register.companies where cvr = any($1) and not removed order by cvr";

    public static async Task<RegisterSnapshot> LoadAsync(
        NpgsqlDataSource db, IReadOnlyCollection<uint> cprs, IReadOnlyCollection<uint> cvrs, bool withNames,
        int? privateSenderCvr, CancellationToken ct)
    {
        await using var register = await RegisterTransaction.BeginAsync(db, ct);
        var people = new SortedDictionary<uint, PersonRow>();
        await FollowAsync(
            register.Connection, ByNumberSql, [.. cprs.Distinct()], people, row => row.CurrentCpr, ChangesMax, ct);
        List<uint> registered = [];
        if (privateSenderCvr is { } cvr)
        {
            await FollowAsync(
                register.Connection, ByCurrentNumberSql, [.. people.Keys], people, row => row.Cpr, int.MaxValue, ct);
            registered = await RegisteredNumbers.ReadAsync(register.Connection, cvr, Numbers(people.Keys), ct);
        }

        var builder = new RegisterSnapshotBuilder(withNames, people.Count + cvrs.Count);
        foreach (var row in people.Values)
        {
            builder.AddPerson(row.Cpr, row.PersonId, row.Facts, row.BirthDay, row.CurrentCpr, row.Name);
        }

        await AddCompaniesAsync(register.Connection, cvrs, builder, ct);
        return builder.Build(register.Version, registered);
    }

    // Change by change, each one query for all people; it ends in any case when nobody new is found.
    static async Task FollowAsync(
        NpgsqlConnection connection, string sql, uint[] numbers, SortedDictionary<uint, PersonRow> people,
        Func<PersonRow, uint> next, int changesMax, CancellationToken ct)
    {
        for (var change = 0; change <= changesMax && numbers.Length > 0; change++)
        {
            var found = new List<PersonRow>();
            await using (var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 })
            {
                command.Parameters.Add(
                    new() { Value = Numbers(numbers), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
                await using var rows = await command.ExecuteReaderAsync(ct);
                while (await rows.ReadAsync(ct))
                {
                    found.Add(PersonRow.Read(rows));
                }
            }

            found.RemoveAll(row => !people.TryAdd(row.Cpr, row));
            numbers = [.. found.Select(next).Where(number => number != 0).Distinct()];
        }
    }

    static async Task AddCompaniesAsync(
        NpgsqlConnection connection, IReadOnlyCollection<uint> cvrs, RegisterSnapshotBuilder builder,
        CancellationToken ct)
    {
        if (cvrs.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(CompaniesSql, connection) { CommandTimeout = 0 };
        var numbers = cvrs.Select(cvr => (int)cvr).ToArray();
        command.Parameters.Add(new() { Value = numbers, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            builder.AddCompany(
                (uint)rows.GetInt32(0), rows.GetInt32(1), new((ushort)rows.GetInt32(2)), rows.GetFieldValue<byte[]>(3));
        }
    }

    static long[] Numbers(IReadOnlyCollection<uint> numbers) => [.. numbers.Select(number => (long)number)];

    readonly record struct PersonRow(
        uint Cpr, int PersonId, PersonFacts Facts, ushort BirthDay, uint CurrentCpr, byte[] Name)
    {
        public static PersonRow Read(NpgsqlDataReader row) => new(
            (uint)row.GetInt64(0), row.GetInt32(1), new((ushort)row.GetInt32(2)), (ushort)row.GetInt32(3),
            row.IsDBNull(4) ? 0 : (uint)row.GetInt64(4), row.GetFieldValue<byte[]>(5));
    }
}
