using System.Runtime.CompilerServices;
using Dispatch.PrintExport.Batches;
using Dispatch.PrintExport.Layout;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Printing;

/// <summary>Reads the pieces of a job that are in no batch yet, in the order the planner wants, as one stream.</summary>
static class PresortReader
{
    // The database sorts what it can see; it must sort as PresortPiece.CompareArrival does, hence the collation. Streets are
    // sealed: the planner sorts by them within a postcode. The sort spills to disk by itself when a job is large.
    const string Sql = """
        select p.row_no, p.person_id, p.zone, p.sheets, p.postcode, p.sealed, r.salt
        from dispatch.pieces p
        left join dispatch.releases r on r.job_id = p.job_id and r.row_no = p.row_no
        where p.job_id = $1
          and not exists (select from dispatch.batch_pieces b
                          where b.job_id = p.job_id and b.row_no = p.row_no and b.attempt = $2)
        order by p.zone, width_bucket(p.sheets::int, $3::int[]), p.postcode = '', p.postcode collate "C", p.row_no
        """;

    const int SealedColumn = 5;
    const int ReleaseSaltColumn = 6;

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
            var streetKey = postcode.Length == 0
                ? [] // protected people: their address is not even opened for sorting
                : StreetKey.From(opener.Open(row, rowNo, row.GetInt32(1), SealedColumn, ReleaseSaltColumn).AddressLines);
            yield return new(rowNo, (PostalZone)row.GetInt16(2), row.GetInt16(3), postcode, streetKey);
        }
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
