using Microsoft.EntityFrameworkCore;

namespace Dispatch.LoadRun.Engines;

/// <summary>
/// The program most teams write: CsvHelper, and Entity Framework Core with <c>AddRange</c> and <c>SaveChanges</c> for
/// each 1,000 rows. As its manual says for bulk work: a context of its own for each batch, people read without
/// tracking, one round trip for a batch's people, no detection of changes. Tables have their indexes from the start.
/// </summary>
static class EntityFrameworkSend
{
    const int BatchRows = 1_000;

    public static void Run(string connectionString, string list, int rows)
    {
        using (var context = new PeerContext(connectionString))
        {
            context.Database.ExecuteSqlRaw("create schema peer");
            context.Database.ExecuteSqlRaw("""
                create table peer.letters (row_no int primary key, person_id int not null,
                    available_at timestamptz not null, letter_values text not null);
                create index on peer.letters (person_id);
                create table peer.pieces (row_no int primary key, person_id int, channel text not null, postcode text,
                    letter_values text not null);
                create index on peer.pieces (postcode);
                """);
        }

        foreach (var batch in PeerRow.Read(list, rows).Chunk(BatchRows))
        {
            using var context = new PeerContext(connectionString);
            Save(context, batch);
        }
    }

    static void Save(PeerContext context, PeerRow[] batch)
    {
        var now = DateTime.UtcNow;
        var numbers = batch.Select(row => row.Cpr).OfType<long>().ToArray();
        var people = context.People.AsNoTracking().Where(person => numbers.Contains(person.Cpr))
            .ToDictionary(person => person.Cpr);
        var decided = batch.Select(row => (Row: row, Person: people.GetValueOrDefault(row.Cpr ?? 0)))
            .ToLookup(row => PeerPerson.ChannelOf(row.Person) == "digital");
        context.Letters.AddRange(decided[true].Select(row => new PeerLetter
        {
            RowNo = row.Row.RowNo,
            PersonId = row.Person!.PersonId,
            AvailableAt = now,
            Values = row.Row.Values,
        }));
        context.Pieces.AddRange(decided[false].Select(row => new PeerPiece
        {
            RowNo = row.Row.RowNo,
            PersonId = row.Person?.PersonId,
            Channel = PeerPerson.ChannelOf(row.Person),
            Postcode = row.Person?.Postcode,
            Values = row.Row.Values,
        }));
        context.SaveChanges();
    }
}
