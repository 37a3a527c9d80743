using Npgsql;
using NpgsqlTypes;

namespace Dispatch.LoadRun.Engines;

/// <summary>
/// The program a good team writes in a day: the register in a <c>Dictionary&lt;string, …&gt;</c>, Npgsql's binary
/// importer field by field, one transaction a table, indexes afterwards. Two connections, one for digital letters and
/// one for the rest.
/// </summary>
static class CopySend
{
    const string MakeTables = """
        create schema peer;
        create table peer.letters (job_id int, row_no int, person_id int, available_at timestamptz, letter_values text);
        create table peer.pieces (job_id int, row_no int, person_id int, channel text, postcode text,
            letter_values text);
        """;

    const string Index = """
        set maintenance_work_mem = '512MB';
        alter table peer.letters add primary key (row_no);
        create index on peer.letters (person_id);
        alter table peer.pieces add primary key (row_no);
        create index on peer.pieces (postcode);
        """;

    const string CopyLetters =
        "copy peer.letters (job_id, row_no, person_id, available_at, letter_values) from stdin (format binary)";

    const string CopyPieces =
        "copy peer.pieces (job_id, row_no, person_id, channel, postcode, letter_values) from stdin (format binary)";

    public static void Run(string connectionString, string list, int rows)
    {
        using var database = NpgsqlDataSource.Create(connectionString);
        Execute(database, MakeTables);
        var people = LoadPeople(database);
        using (var forLetters = database.OpenConnection())
        using (var forPieces = database.OpenConnection())
        using (var letters = forLetters.BeginBinaryImport(CopyLetters))
        using (var pieces = forPieces.BeginBinaryImport(CopyPieces))
        {
            Send(people, letters, pieces, list, rows);
            letters.Complete();
            pieces.Complete();
        }

        Execute(database, Index);
    }

    static void Send(
        Dictionary<string, PeerPerson> people, NpgsqlBinaryImporter letters, NpgsqlBinaryImporter pieces, string list,
        int rows)
    {
        var now = DateTime.UtcNow;
        foreach (var row in PeerRow.Read(list, rows))
        {
            var person = people.GetValueOrDefault(row.Recipient);
            var channel = PeerPerson.ChannelOf(person);
            if (channel == "digital")
            {
                letters.StartRow();
                letters.Write(1, NpgsqlDbType.Integer);
                letters.Write(row.RowNo, NpgsqlDbType.Integer);
                letters.Write(person!.PersonId, NpgsqlDbType.Integer);
                letters.Write(now, NpgsqlDbType.TimestampTz);
                letters.Write(row.Values, NpgsqlDbType.Text);
            }
            else
            {
                pieces.StartRow();
                pieces.Write(1, NpgsqlDbType.Integer);
                pieces.Write(row.RowNo, NpgsqlDbType.Integer);
                pieces.Write(person?.PersonId ?? 0, NpgsqlDbType.Integer);
                pieces.Write(channel, NpgsqlDbType.Text);
                pieces.Write(person?.Postcode ?? "", NpgsqlDbType.Text);
                pieces.Write(row.Values, NpgsqlDbType.Text);
            }
        }
    }

    static Dictionary<string, PeerPerson> LoadPeople(NpgsqlDataSource database)
    {
        var people = new Dictionary<string, PeerPerson>();
        using var command = database.CreateCommand("""
            select lpad(cpr::text, 10, '0'), person_id, status, birth_day, exempt, voluntary, street <> '', postcode
            from register.people where not removed
            """);
        command.CommandTimeout = 0;
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            people.Add(row.GetString(0), new PeerPerson
            {
                PersonId = row.GetInt32(1),
                Status = row.GetInt16(2),
                BirthDay = row.GetInt32(3),
                Exempt = row.GetBoolean(4),
                Voluntary = row.GetBoolean(5),
                Street = !row.IsDBNull(6) && row.GetBoolean(6) ? "there is one" : null,
                Postcode = row.IsDBNull(7) ? null : row.GetString(7),
            });
        }

        return people;
    }

    static void Execute(NpgsqlDataSource database, string sql)
    {
        using var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        command.ExecuteNonQuery();
    }
}
