using Npgsql;

namespace Dispatch.Worker.Register;

/// <summary>One COPY into a table: a task encodes, this one writes to the server.</summary>
static class CopyTarget
{
    public static async Task CopyAsync(
        NpgsqlConnection connection, string copySql, Func<CopyRows, CancellationToken, Task> encode,
        CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var stream = await connection.BeginRawBinaryCopyAsync(copySql, ct);
        var rows = new CopyRows();
        var encoding = Task.Run(() => EncodeAsync(rows, encode, stop.Token), CancellationToken.None);
        try
        {
            await rows.WriteToAsync(stream, ct);
        }
        catch
        {
            // Disposing would end the COPY as if it were whole; cancelling makes the server drop it.
            await stop.CancelAsync();
            await encoding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await stream.CancelAsync();
            throw;
        }

        await encoding;
        await stream.DisposeAsync();
    }

    static async Task EncodeAsync(CopyRows rows, Func<CopyRows, CancellationToken, Task> encode, CancellationToken ct)
    {
        try
        {
            await encode(rows, ct);
            await rows.CompleteAsync(ct);
        }
        catch (Exception fault)
        {
            rows.Fail(fault);
        }
    }
}
