using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Printing;

/// <summary>Under which salt each row's letter is sealed: that of the chunk attempt which committed.</summary>
sealed class ChunkSalts
{
    readonly int[] _firstRows;
    readonly byte[][] _salts;

    /// <param name="firstRows">Ascending.</param>
    internal ChunkSalts(int[] firstRows, byte[][] salts)
    {
        _firstRows = firstRows;
        _salts = salts;
    }

    public int Count => _salts.Length;

    public static async Task<ChunkSalts> LoadAsync(NpgsqlDataSource database, int jobId, CancellationToken cancel)
    {
        const string Sql =
            "select first_row, salt from dispatch.chunks where job_id = $1 and state = 'done' order by first_row";
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = jobId, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var row = await command.ExecuteReaderAsync(cancel);
        var firstRows = new List<int>();
        var salts = new List<byte[]>();
        while (await row.ReadAsync(cancel))
        {
            firstRows.Add(row.GetInt32(0));
            salts.Add(row.GetFieldValue<byte[]>(1));
        }

        return new([.. firstRows], [.. salts]);
    }

    public byte[] this[int chunk] => _salts[chunk];

    /// <summary>Index of the chunk that holds the row.</summary>
    public int Find(int rowNo)
    {
        var at = Array.BinarySearch(_firstRows, rowNo);
        return at >= 0 ? at : ~at - 1;
    }
}
