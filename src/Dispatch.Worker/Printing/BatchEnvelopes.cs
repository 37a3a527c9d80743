using Dispatch.PrintExport.Marks;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Printing;

/// <summary>The envelopes of one batch in which some are shared.</summary>
sealed class BatchEnvelopes
{
    const string Sql = """
        select coalesce(envelope_no, sequence), sheets from dispatch.batch_pieces where batch_id = $1 order by sequence
        """;

    readonly List<EnvelopePlace> _places = [];

    /// <summary>Where the piece lies.</summary>
    /// <param name="sequence">Of the piece, from 1.</param>
    public EnvelopePlace this[int sequence] => _places[sequence - 1];

    public static async Task<BatchEnvelopes> LoadAsync(
        NpgsqlConnection connection, int batchId, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new() { Value = batchId, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var row = await command.ExecuteReaderAsync(cancel);
        var envelopes = new BatchEnvelopes();
        while (await row.ReadAsync(cancel))
        {
            envelopes.Add(row.GetInt32(0), row.GetInt32(1));
        }

        return envelopes;
    }

    /// <summary>The envelope grows by this piece, and all pieces in it learn its new size.</summary>
    void Add(int number, int sheets)
    {
        var before = _places.Count > 0 && _places[^1].Number == number ? _places[^1].Sheets : 0;
        _places.Add(new(number, before, before + sheets));
        for (var i = _places.Count - 2; i >= 0 && _places[i].Number == number; i--)
        {
            _places[i] = _places[i] with { Sheets = before + sheets };
        }
    }
}
