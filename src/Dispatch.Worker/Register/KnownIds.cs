using Npgsql;

namespace Dispatch.Worker.Register;

/// <summary>Every number the register ever had with its person_id, by number: eight bytes each.</summary>
sealed class KnownIds
{
    readonly List<uint> _keys = [];
    readonly List<int> _ids = [];

    public int Count => _keys.Count;

    public static async Task<KnownIds> ReadAsync(NpgsqlConnection connection, string copySql, CancellationToken ct)
    {
        var known = new KnownIds();
        await using var stream = await connection.BeginRawBinaryCopyAsync(copySql, ct);
        var rows = new CopyRowReader(stream);
        while (await rows.FillAsync(ct))
        {
            while (rows.TryRead())
            {
                known._keys.Add((uint)rows.Int64(0));
                known._ids.Add(rows.Int32(1));
            }
        }

        return known;
    }

    public uint Key(int index) => _keys[index];

    public int Id(int index) => _ids[index];

    /// <summary>How many of the keys are known.</summary>
    /// <param name="keys">Ascending, each once.</param>
    public int CountKnown(ReadOnlySpan<uint> keys)
    {
        var (known, next) = (0, 0);
        foreach (var key in keys)
        {
            while (next < _keys.Count && _keys[next] < key)
            {
                next++;
            }

            known += next < _keys.Count && _keys[next] == key ? 1 : 0;
        }

        return known;
    }
}
