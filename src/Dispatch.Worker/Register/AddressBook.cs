using Dispatch.PrintExport.Layout;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Register;

/// <summary>Names and addresses for paper, some thousands at a time, and only of the version asked for.</summary>
static class AddressBook
{
    const int BlockIds = 8192;

    const string Sql =
        """
        select person_id, name, co, street, place, postcode, city, country, contact, status,
               (select coalesce(max(version), 0) from register.versions)
        from register.people where person_id = any($1) and not removed
        union all
        select person_id, name, co, street, place, postcode, city, country, null, null,
               (select coalesce(max(version), 0) from register.versions)
        from register.companies where person_id = any($1) and not removed
        """;

    const int VersionColumn = 10;

    /// <returns>Null when the register is of another version by now.</returns>
    public static async Task<Dictionary<int, PostalParty>?> LoadAsync(
        NpgsqlDataSource db, IReadOnlyCollection<int> personIds, long version, CancellationToken ct)
    {
        var parties = new Dictionary<int, PostalParty>(personIds.Count);

        // In order, because neighbours in id are mostly neighbours on disk.
        foreach (var block in personIds.Distinct().Order().Chunk(BlockIds))
        {
            await using var command = db.CreateCommand(Sql);
            command.CommandTimeout = 0;
            command.Parameters.Add(new() { Value = block, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
            await using var rows = await command.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
            {
                // One statement sees one state: a row and the version beside it belong together.
                if (rows.GetInt64(VersionColumn) != version)
                {
                    return null;
                }

                parties.Add(rows.GetInt32(0), Party(rows));
            }
        }

        return parties;
    }

    static PostalParty Party(NpgsqlDataReader row) => new(
        row.GetString(1), Text(row, 2), Text(row, 3), Text(row, 4), Text(row, 5), Text(row, 6), Text(row, 7),
        Text(row, 8), row.IsDBNull(9) ? 0 : row.GetInt16(9), IsCompany: row.IsDBNull(9), IsUnder15: false);

    static string Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? "" : row.GetString(column);
}
