using System.Runtime.CompilerServices;
using Dispatch.PrintExport.Batches;
using Dispatch.PrintExport.Layout;
using Dispatch.Routing.Rules;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Printing;

/// <summary>
/// Reads the pieces of a job that are in no batch yet, in the order the planner wants, as one stream.
/// </summary>
static class PresortReader
{
    // The database sorts what it can see; it must sort as PresortPiece.CompareArrival does, hence the
    // collation. Streets are sealed: the planner sorts by them within a postcode. The sort spills to disk
    // by itself when a job is large.
    const string Sql = """
        select p.row_no, p.person_id, p.zone, p.sheets, p.postcode, p.sealed, r.salt, p.facts
        from dispatch.pieces p
        left join dispatch.releases r on r.job_id = p.job_id and r.row_no = p.row_no
        where p.job_id = $1
          and not exists (select from dispatch.batch_pieces b
                          where b.job_id = p.job_id and b.row_no = p.row_no and b.attempt = $2)
        order by p.zone, width_bucket(p.sheets::int, $3::int[]), p.postcode = '', p.postcode collate "C", p.row_no
        """;

    const int SealedColumn = 5;
    const int ReleaseSaltColumn = 6;
    const int FactsColumn = 7;
    const int ActiveInDenmark = 1;

    // No letter in UTF-8 begins with it: who shares no envelope stands behind the household, not in the midst of it.
    const byte BehindNames = 0xFF;

    public static async IAsyncEnumerable<PresortPiece> ReadAsync(
        NpgsqlConnection connection,
        PrintJob job,
        int attempt,
        PieceOpener opener,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new() { Value = job.JobId, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = (short)attempt, NpgsqlDbType = NpgsqlDbType.Smallint });
        command.Parameters.Add(new()
        {
            Value = FirstSheetsOfBands(job.Order.Envelope),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer,
        });
        command.CommandTimeout = 0;
        await using var row = await command.ExecuteReaderAsync(cancel);
        var postcode = "";
        while (await row.ReadAsync(cancel))
        {
            var rowNo = row.GetInt32(0);
            var found = row.GetString(4);
            postcode = found == postcode ? postcode : found;
            var piece = new PresortPiece(rowNo, (PostalZone)row.GetInt16(2), row.GetInt16(3), postcode, []);
            yield return postcode.Length == 0
                ? piece // protected people: their address is not even opened for sorting
                : WithAddress(
                    piece, opener.Open(row, rowNo, row.GetInt32(1), SealedColumn, ReleaseSaltColumn).AddressLines,
                    job.Order.JoinsHouseholds ? new(row.GetInt32(FactsColumn)) : null);
        }
    }

    /// <param name="facts">Of the receiver; null in a job that joins no households.</param>
    static PresortPiece WithAddress(PresortPiece piece, ReadOnlySpan<byte> block, EffectFacts? facts)
    {
        if (facts is not { } known)
        {
            return piece with { StreetKey = StreetKey.From(block) };
        }

        var lineBreak = block.IndexOf((byte)'\n');
        var name = lineBreak < 0 ? block : block[..lineBreak];
        var address = lineBreak < 0 ? [] : block[(lineBreak + 1)..];
        return IsAtHome(known)
            ? piece with { StreetKey = StreetKey.FromHousehold(name, address), Household = address.ToArray() }
            : piece with { StreetKey = StreetKey.FromHousehold([BehindNames, .. name], address) };
    }

    /// <summary>Only of people at their own registered address it is known that they live together: of an office, or
    /// the town hall that keeps post for those without a home, it is not.</summary>
    static bool IsAtHome(EffectFacts facts)
    {
        var person = facts.Person;
        return !facts.IsCompany && !person.IsProtected && !person.HasContact && person.HasStreet
            && person.Status == ActiveInDenmark;
    }

    static int[] FirstSheetsOfBands(string envelope)
    {
        var bands = SheetBand.From(envelope);
        var first = new int[bands.Length - 1];
        for (var i = 0; i < first.Length; i++)
        {
            first[i] = bands[i].SheetsMax + 1;
        }

        return first;
    }
}
