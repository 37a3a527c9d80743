using Dispatch.Routing;
using Dispatch.Routing.Register;
using Npgsql;

namespace Dispatch.Worker.Register;

/// <summary>
/// Writes one keyed file into its emptied table: known people keep their id, new ones get the next, and those who are
/// gone stay as removed rows, all in the order of the numbers, so that heap and primary key are in the same order.
/// </summary>
/// <param name="image">Takes the rows for the next start; null = nobody wants them.</param>
sealed class KeyedImport(KeyedTable table, RecordOrder order, KnownIds known, RegisterSnapshotBuilder? image)
{
    const int ProgressRows = 1 << 16;

    public int Count => order.Keys.Length;

    public int Added { get; } = order.Keys.Length - known.CountKnown(order.Keys);

    public int Removed => known.Count - (Count - Added);

    public Task WriteAsync(
        NpgsqlConnection connection, int firstNewId, Action<int> rowsWritten, CancellationToken ct) =>
        CopyTarget.CopyAsync(
            connection, table.CopySql, (rows, token) => EncodeAsync(rows, firstNewId, rowsWritten, token), ct);

    async Task EncodeAsync(CopyRows rows, int firstNewId, Action<int> rowsWritten, CancellationToken ct)
    {
        var next = 0;
        if (Count > 0)
        {
            next = await EncodeFileAsync(rows, firstNewId, rowsWritten, ct);
        }

        for (; next < known.Count; next++)
        {
            table.WriteRemovedRow(known.Key(next), known.Id(next), rows);
            await rows.EndRowAsync(ct);
        }
    }

    /// <returns>How many known numbers are done with.</returns>
    async Task<int> EncodeFileAsync(CopyRows rows, int newId, Action<int> rowsWritten, CancellationToken ct)
    {
        var next = 0;
        using var file = order.OpenInOrder();
        for (var i = 0; i < order.Keys.Length; i++)
        {
            var key = order.Keys[i];
            for (; next < known.Count && known.Key(next) < key; next++)
            {
                table.WriteRemovedRow(known.Key(next), known.Id(next), rows);
                await rows.EndRowAsync(ct);
            }

            var isKnown = next < known.Count && known.Key(next) == key;
            Encode(file, key, isKnown ? known.Id(next++) : newId++, rows);
            await rows.EndRowAsync(ct);
            if ((i + 1) % ProgressRows == 0)
            {
                rowsWritten(ProgressRows);
            }
        }

        rowsWritten(order.Keys.Length % ProgressRows);
        order.DemandUnchanged();
        return next;
    }

    void Encode(RegisterFile file, uint key, int personId, CopyRows rows)
    {
        try
        {
            if (file.Read() && table.ReadKey(file) == key)
            {
                table.WriteRow(file, personId, rows, image);
                return;
            }
        }
        catch (DispatchException)
        {
            // The checking pass found no fault in this record, so these are not the same bytes.
        }

        throw order.ChangedFault();
    }
}
