using Dispatch.PrintExport.Batches;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Printing;

/// <summary>Writes planned batches and their pieces; the caller's transaction makes them one.</summary>
sealed class BatchWriter(NpgsqlConnection connection, PrintJob job, DateTime createdAt)
{
    const string InsertSql = """
        insert into dispatch.batches (job_id, class, number, attempt, name, print_house, envelope, postage, duplex, colour,
                                      pieces, pages, sheets, state, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'planned', $14)
        returning batch_id
        """;

    const string CopySql = """
        copy dispatch.batch_pieces (batch_id, sequence, job_id, row_no, attempt, piece_id, first_page, pages, sheets)
        from stdin (format binary)
        """;

    public async Task WriteAsync(PlannedBatch batch, CancellationToken cancel)
    {
        var batchId = await InsertAsync(batch, cancel);
        await using var copy = await connection.BeginBinaryImportAsync(CopySql, cancel);
        foreach (var piece in batch.Pieces)
        {
            await copy.StartRowAsync(cancel);
            await copy.WriteAsync(batchId, NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync(piece.Sequence, NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync(job.JobId, NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync(piece.RowNo, NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync((short)batch.Attempt, NpgsqlDbType.Smallint, cancel);
            await copy.WriteAsync(piece.PieceId, NpgsqlDbType.Text, cancel);
            await copy.WriteAsync(piece.FirstPage, NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync(piece.Pages, NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync(piece.Sheets, NpgsqlDbType.Integer, cancel);
        }

        await copy.CompleteAsync(cancel);
    }

    async Task<int> InsertAsync(PlannedBatch batch, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(InsertSql, connection);
        command.Parameters.Add(new() { Value = job.JobId, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = batch.Class.ToString(), NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = batch.Number, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = (short)batch.Attempt, NpgsqlDbType = NpgsqlDbType.Smallint });
        command.Parameters.Add(new() { Value = batch.Name, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = job.PrintHouse, NpgsqlDbType = NpgsqlDbType.Text });
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
