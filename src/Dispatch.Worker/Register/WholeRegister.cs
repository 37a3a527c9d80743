using Dispatch.Routing.Register;
using Npgsql;

namespace Dispatch.Worker.Register;

/// <summary>Everybody's facts: from the image of this version if one is kept, else by COPY in the order of the numbers
/// straight into the snapshot.</summary>
static class WholeRegister
{
    const string PeopleSql =
        """
        copy (select cpr, person_id, facts, birth_day, current_cpr from register.people where not removed order by cpr)
        to stdout (format binary)
        """;

    const string NamedPeopleSql =
        """
        copy (select cpr, person_id, facts, birth_day, current_cpr, name
            from register.people where not removed order by cpr)
        to stdout (format binary)
        """;

    const string CompaniesSql =
        """
        copy (select cvr, person_id, facts, name from register.companies where not removed order by cvr)
        to stdout (format binary)
        """;

    const string SizeSql =
        "select people, companies from register.versions order by version desc limit 1";

    public static async Task<RegisterSnapshot> LoadAsync(
        NpgsqlDataSource db, RegisterImageFolder? images, bool withNames, int? privateSenderCvr, CancellationToken ct)
    {
        await using var register = await RegisterTransaction.BeginAsync(db, ct);
        IReadOnlyCollection<uint> registered = privateSenderCvr is { } cvr
            ? await RegisteredNumbers.ReadAsync(register.Connection, cvr, among: null, ct)
            : [];
        if (images?.Read(register.Identity, register.Version, withNames, registered) is { } kept)
        {
            return kept;
        }

        var size = await SizeAsync(register.Connection, ct);
        var builder = new RegisterSnapshotBuilder(withNames, size);
        await LoadPeopleAsync(register.Connection, builder, withNames, ct);
        await LoadCompaniesAsync(register.Connection, builder, ct);
        var snapshot = builder.Build(register.Version, registered);
        images?.Write(register.Identity, snapshot, withNames);
        return snapshot;
    }

    static async Task<int> SizeAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SizeSql, connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? row.GetInt32(0) + row.GetInt32(1) : 0;
    }

    static async Task LoadPeopleAsync(
        NpgsqlConnection connection, RegisterSnapshotBuilder builder, bool withNames, CancellationToken ct)
    {
        await using var stream = await connection.BeginRawBinaryCopyAsync(withNames ? NamedPeopleSql : PeopleSql, ct);
        var rows = new CopyRowReader(stream);
        while (await rows.FillAsync(ct))
        {
            while (rows.TryRead())
            {
                builder.AddPerson(
                    (uint)rows.Int64(0), rows.Int32(1), new((ushort)rows.Int32(2)), (ushort)rows.Int32(3),
                    rows.OptionalNumber(4), withNames ? rows.Text(5) : []);
            }
        }
    }

    static async Task LoadCompaniesAsync(
        NpgsqlConnection connection, RegisterSnapshotBuilder builder, CancellationToken ct)
    {
        await using var stream = await connection.BeginRawBinaryCopyAsync(CompaniesSql, ct);
        var rows = new CopyRowReader(stream);
        while (await rows.FillAsync(ct))
        {
            while (rows.TryRead())
            {
                builder.AddCompany((uint)rows.Int32(0), rows.Int32(1), new((ushort)rows.Int32(2)), rows.Text(3));
            }
        }
    }
}
