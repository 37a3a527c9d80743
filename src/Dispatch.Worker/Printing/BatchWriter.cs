using Dispatch.PrintExport.Batches;
using Dispatch.Worker.Database;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Printing;

/// <summary>Writes planned batches and their pieces; the caller's transaction makes them one.</summary>
sealed class BatchWriter(NpgsqlConnection connection, PrintJob job, DateTime createdAt) : IDisposable
{
    const string InsertSql = """
        insert into dispatch.batches (job_id, class, number, attempt, name, print_house, envelope, postage, duplex,
                                      colour, pieces, pages, sheets, state, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'planned', $14)
        returning batch_id
        """;

    const string CopySql = """
        copy dispatch.batch_pieces (batch_id, sequence, job_id, row_no, attempt, piece_id, first_page, pages, sheets,
                                    envelope_no)
        from stdin (format binary)
        """;

    const int BufferBytes = 512 * 1024;

    readonly CopyBuffer _rows = new(BufferBytes);

    public async Task WriteAsync(PlannedBatch batch, CancellationToken cancel)
    {
        Encode(batch, await InsertAsync(batch, cancel));
        await using var copy = await connection.BeginRawBinaryCopyAsync(CopySql, cancel);
        await copy.WriteAsync(_rows.Finish(), cancel);
    }

    public void Dispose() => _rows.Dispose();

    void Encode(PlannedBatch batch, int batchId)
    {
        _rows.Clear();
        foreach (var piece in batch.Pieces)
        {
            _rows.StartRow(10);
            _rows.Int32(batchId);
            _rows.Int32(piece.Sequence);
            _rows.Int32(job.JobId);
            _rows.Int32(piece.RowNo);
            _rows.Int16((short)batch.Attempt);
            _rows.Text(piece.PieceId);
            _rows.Int32(piece.FirstPage);
            _rows.Int32(piece.Pages);
            _rows.Int32(piece.Sheets);
            if (piece.Envelope == piece.Sequence)
            {
                _rows.Null();
            }
            else
            {
                _rows.Int32(piece.Envelope);
            }
        }
    }

    async Task<int> InsertAsync(PlannedBatch batch, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(InsertSql, connection);
        command.Parameters.Add(new() { Value = job.JobId, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = batch.Class.ToString(), NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = batch.Number, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = (short)batch.Attempt, NpgsqlDbType = NpgsqlDbType.Smallint });
        command.Parameters.Add(new() { Value = batch.Name, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = batch.PrintHouse, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = batch.Class.Envelope, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = batch.Class.Postage, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = batch.Class.IsDuplex, NpgsqlDbType = NpgsqlDbType.Boolean });
        command.Parameters.Add(new() { Value = batch.Class.IsColour, NpgsqlDbType = NpgsqlDbType.Boolean });
        command.Parameters.Add(new() { Value = batch.Pieces.Count, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = batch.Pages, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = batch.Sheets, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = createdAt, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        return (int)(await command.ExecuteScalarAsync(cancel))!;
    }
}
