using Dispatch.PrintExport.Batches;
using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Receipts;
using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Npgsql;
using NpgsqlTypes;
using static Dispatch.Worker.Database.SqlValue;

namespace Dispatch.Worker.Printing;

/// <summary>
/// Plans a batch with pieces that were lost: spoiled, rejected, or of a rejected batch. Nothing is routed again, and a
/// piece that may have been posted is not printed again (<see cref="LossRule"/>). The same request a second time gives
/// the same batch.
/// </summary>
sealed class ReprintPlan(NpgsqlDataSource database, TimeProvider clock)
{
    const string JobSql = "select job_id from dispatch.batches where name = $1";

    // As the planner of first prints; and the batch's row, so that no receipt moves its pieces meanwhile.
    const string LockSql = """
        select pg_advisory_xact_lock(hashtext('dispatch.batches'), job_id) from dispatch.batches where name = $1
        """;

    const string SourceSql = """
        select b.batch_id, b.attempt, b.state, b.class, b.print_house,
               exists (select from dispatch.incidents n
                       where n.batch_id = b.batch_id and n.sequence = 0 and n.kind = any($2) and n.closed_at is null)
        from dispatch.batches b where b.name = $1 for update
        """;

    // In doubt also when it is an earlier print of the piece that was posted after all.
    const string PiecesSql = """
        select i.piece_id, i.row_no, i.sheets, p.zone, coalesce(i.state, ''), n.batch_id, coalesce(b.name, ''),
               coalesce(b.pieces, 0), p.sealed = '',
               exists (select from dispatch.batch_pieces a
                       join dispatch.incidents n on n.batch_id = a.batch_id and n.sequence = a.sequence
                       where a.job_id = i.job_id and a.row_no = i.row_no and n.kind = any($3) and n.closed_at is null)
        from dispatch.batch_pieces i
        join dispatch.pieces p on p.job_id = i.job_id and p.row_no = i.row_no
        left join dispatch.batch_pieces n on n.job_id = i.job_id and n.row_no = i.row_no and n.attempt = i.attempt + 1
        left join dispatch.batches b on b.batch_id = n.batch_id
        where i.batch_id = $1 and i.piece_id = any($2)
        order by i.sequence
        """;

    const string NumberSql = """
        select coalesce(max(number), 0) + 1 from dispatch.batches where job_id = $1 and class = $2 and attempt = $3
        """;

    const string EventSql = """
        insert into dispatch.events (actor, action, job_id, detail) values ($1, 'reprint', $2, $3)
        """;

    /// <summary>The job a batch belongs to.</summary>
    /// <exception cref="DispatchException"><c>batch.unknown</c>, exit 2.</exception>
    public async Task<int> FindJobAsync(string batch, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(JobSql);
        command.Parameters.Add(Text(batch));
        return await command.ExecuteScalarAsync(cancel) as int? ?? throw new DispatchException(
            "batch.unknown", "there is no batch of that name; expected one of ops.print_batches", ExitCode.Usage);
    }

    /// <param name="reason">Checked to hold nothing personal.</param>
    /// <exception cref="DispatchException">
    /// <c>reprint.job_not_done</c> (75); <c>piece.unknown</c>, <c>reprint.not_lost</c>, <c>reprint.in_doubt</c>,
    /// <c>reprint.overlap</c>, <c>reprint.purged</c> (2).
    /// </exception>
    public async Task<Reprint> AddAsync(
        PrintJob job, string jobState, string batch, IReadOnlyCollection<string> pieceIds, string actor, string reason,
        CancellationToken cancel)
    {
        if (jobState != JobStates.Completed)
        {
            throw new DispatchException(
                "reprint.job_not_done", $"job {job.JobId} of this batch is {jobState}, expected it to be completed; "
                + "see it through with dispatch run, then reprint",
                ExitCode.TryAgain);
        }

        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await ExecuteAsync(connection, LockSql, cancel, Text(batch));
        var source = await ReadSourceAsync(connection, batch, cancel);
        var pieces = await ReadPiecesAsync(connection, source.BatchId, pieceIds, cancel);
        if (pieces.Count != pieceIds.Count)
        {
            throw new DispatchException(
                "piece.unknown", $"{pieceIds.Count - pieces.Count} of the pieces are not in batch '{batch}', expected "
                + "ids of its manifest; ops.print_pieces lists them",
                ExitCode.Usage);
        }

        if (FindRepeat(pieces) is { } done)
        {
            return new(done, batch, source.Attempt + 1, pieces.Count, IsRepeat: true);
        }

        CheckLost(pieces, source, batch);
        var number = await ReadNumberAsync(connection, job.JobId, source, cancel);
        var planned = ReprintBatch.Plan(
            job.Order, source.Attempt + 1, number, [.. pieces.Select(piece => new LostPiece(piece.RowNo, piece.Zone,
            piece.Sheets))], source.PrintHouse);
        using var writer = new BatchWriter(connection, job, BatchPlan.CreatedAt(clock));
        await writer.WriteAsync(planned, cancel);
        await ExecuteAsync(
            connection, EventSql, cancel, Text(actor), Integer(job.JobId),
            Text($"{batch} again as {planned.Name}, {pieces.Count} pieces: {reason}"));
        await transaction.CommitAsync(cancel);
        return new(planned.Name, batch, planned.Attempt, pieces.Count, IsRepeat: false);
    }

    // Asked for before: exactly these pieces are together in the next attempt.
    static string? FindRepeat(List<Piece> pieces) =>
        pieces[0].NextBatch is { } next && pieces.TrueForAll(piece => piece.NextBatch == next)
        && pieces[0].NextPieces == pieces.Count
            ? pieces[0].NextName
            : null;

    static void CheckLost(List<Piece> pieces, Source source, string batch)
    {
        if (pieces.Find(piece => piece.NextBatch is not null) is { } again)
        {
            throw new DispatchException(
                "reprint.overlap", $"some of the pieces are printed again already, in batch '{again.NextName}', with "
                + "others than those asked for; expected pieces that are in no reprint; leave those out",
                ExitCode.Usage);
        }

        var losses = pieces.ConvertAll(piece => piece.LossIn(source));
        if (losses.Count(loss => loss == PieceLoss.NotLost) is > 0 and var sound)
        {
            throw new DispatchException(
                "reprint.not_lost", $"{sound} of the pieces of batch '{batch}' are not known to be lost, expected "
                + "pieces that are spoiled or rejected by a receipt; import the print house's receipts first",
                ExitCode.Usage);
        }

        if (losses.Count(loss => loss == PieceLoss.InDoubt) is > 0 and var doubtful)
        {
            throw new DispatchException(
                "reprint.in_doubt", $"{doubtful} of the pieces of batch '{batch}' are lost by one receipt and printed, "
                + "posted or accepted by another, expected no open incident about them; ask the print house, then "
                + "dispatch incidents close the incidents of those that did not go out",
                ExitCode.Usage);
        }

        // Lost by the word of a receipt that came after all had been answered for and the days were over.
        if (pieces.Exists(piece => piece.IsPurged))
        {
            throw new DispatchException(
                "reprint.purged",
                $"what stood in the pieces of batch '{batch}' was purged, expected pieces that are kept; "
                + "let the sender submit these rows in another job",
                ExitCode.Usage);
        }
    }

    static async Task<Source> ReadSourceAsync(NpgsqlConnection connection, string batch, CancellationToken cancel)
    {
        await using var command = Command(connection, SourceSql, Text(batch), Texts(LossRule.DoubtKinds));
        await using var row = await command.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        return new(row.GetInt32(0), row.GetInt16(1), row.GetString(2), row.GetString(3), row.GetString(4),
            row.GetBoolean(5));
    }

    static async Task<List<Piece>> ReadPiecesAsync(
        NpgsqlConnection connection, int batchId, IReadOnlyCollection<string> pieceIds, CancellationToken cancel)
    {
        await using var command = Command(
            connection, PiecesSql, Integer(batchId), Texts(pieceIds), Texts(LossRule.DoubtKinds));
        await using var row = await command.ExecuteReaderAsync(cancel);
        var pieces = new List<Piece>();
        while (await row.ReadAsync(cancel))
        {
            pieces.Add(new(
                row.GetInt32(1), row.GetInt32(2), (PostalZone)row.GetInt16(3), row.GetString(4), row[5] as int?,
                row.GetString(6), row.GetInt32(7), row.GetBoolean(8), row.GetBoolean(9)));
        }

        return pieces;
    }

    static async Task<int> ReadNumberAsync(
        NpgsqlConnection connection, int jobId, Source source, CancellationToken cancel)
    {
        await using var command = Command(
            connection, NumberSql, Integer(jobId), Text(source.Class),
            new() { Value = (short)(source.Attempt + 1), NpgsqlDbType = NpgsqlDbType.Smallint });
        return (int)(await command.ExecuteScalarAsync(cancel))!;
    }

    static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancel, params NpgsqlParameter[] values)
    {
        await using var command = Command(connection, sql, values);
        await command.ExecuteNonQueryAsync(cancel);
    }

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params NpgsqlParameter[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(values);
        return command;
    }

    sealed record Source(int BatchId, int Attempt, string State, string Class, string PrintHouse, bool IsInDoubt)
    {
        // What is not rejected is for this question as good as on its way.
        public BatchState Answered => State == "rejected" ? BatchState.Rejected : BatchState.HandedOff;
    }

    sealed record Piece(
        int RowNo, int Sheets, PostalZone Zone, string State, int? NextBatch, string NextName, int NextPieces,
        bool IsPurged, bool IsInDoubt)
    {
        public PieceLoss LossIn(Source batch) => LossRule.Of(
            batch.Answered,
            State.Length == 0 ? PieceState.HandedOff : Enum.Parse<PieceState>(State, ignoreCase: true),
            IsInDoubt, batch.IsInDoubt);
    }
}
