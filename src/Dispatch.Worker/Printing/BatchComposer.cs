using Dispatch.PrintExport.Handoff;
using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Manifest;
using Dispatch.PrintExport.Marks;
using Dispatch.PrintExport.Pdf;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Printing;

/// <summary>
/// Makes the three files of a batch into the staging folder, from the database and the letter alone: the same bytes
/// every time. Pieces stream through; memory does not grow with the batch.
/// </summary>
sealed class BatchComposer(
    NpgsqlDataSource database, PrintJob job, ChunkSeals seals, LetterLayout layout,
    PrintingSettings settings, string staging)
{
    // A batch is a few thousand places in a table of millions that may never have been analysed; the planner must not
    // read the whole table for each.
    const string LookUpSql = "set local enable_hashjoin = off; set local enable_mergejoin = off";

    const string PiecesSql = """
        select b.sequence, b.row_no, b.piece_id, b.first_page, b.pages, b.sheets,
               p.person_id, p.country, p.postcode, p.sealed, r.salt
        from dispatch.batch_pieces b
        join dispatch.pieces p on p.job_id = b.job_id and p.row_no = b.row_no
        left join dispatch.releases r on r.job_id = p.job_id and r.row_no = p.row_no
        where b.batch_id = $1
        order by b.sequence
        """;

    const int SealedColumn = 9;
    const int ReleaseSaltColumn = 10;

    /// <summary>Gives the digests of the files made; the folder is synced and the files have their names.</summary>
    /// <exception cref="DispatchException"><c>print.not_reproducible</c>, exit 1: other pages or bytes than recorded;
    /// <c>print.read_back</c>, exit 1: the disk gives something else than was written;
    /// <c>print.too_large</c>, exit 78.</exception>
    public async Task<BatchDigests> ComposeAsync(PrintBatch batch, CancellationToken cancel)
    {
        using var pdf = new StagedFileStream(Path.Combine(staging, batch.Files.Pdf));
        using var manifest = new StagedFileStream(Path.Combine(staging, batch.Files.Manifest));
        var envelopes = await WritePiecesAsync(batch, pdf, manifest, cancel);
        var (pdfDigest, manifestDigest) = (pdf.Finish(), manifest.Finish());
        DemandSize(batch, pdfDigest.Bytes);
        Demand(batch, batch.Files.Pdf, batch.Pdf, pdfDigest);
        Demand(batch, batch.Files.Manifest, batch.Manifest, manifestDigest);
        BatchReadBack.CheckBytes(pdf.DraftPath, pdfDigest);
        BatchReadBack.CheckBytes(manifest.DraftPath, manifestDigest);
        BatchReadBack.Check(
            batch.Name, (pdf.DraftPath, pdfDigest.Bytes), (manifest.DraftPath, manifestDigest.Bytes),
            (batch.Pieces, batch.Pages, batch.Sheets, envelopes));

        using var ticket = new StagedFileStream(Path.Combine(staging, batch.Files.Ticket));
        ticket.Write(batch.MakeTicket(job.Order, pdfDigest, manifestDigest));
        var ticketDigest = ticket.Finish();
        BatchReadBack.CheckBytes(ticket.DraftPath, ticketDigest);
        StagedFileStream.Publish(pdf, manifest, ticket);
        return new(pdfDigest, manifestDigest, ticketDigest);
    }

    /// <summary>Gives the number of envelopes.</summary>
    async Task<int> WritePiecesAsync(PrintBatch batch, Stream pdf, Stream manifest, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var lookUp = new NpgsqlCommand(LookUpSql, connection))
        {
            await lookUp.ExecuteNonQueryAsync(cancel);
        }

        var envelopes = job.Order.JoinsHouseholds
            ? await BatchEnvelopes.LoadAsync(connection, batch.BatchId, cancel)
            : null;
        await using var command = new NpgsqlCommand(PiecesSql, connection);
        command.Parameters.Add(new() { Value = batch.BatchId, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var row = await command.ExecuteReaderAsync(cancel);

        using var opener = new PieceOpener(job, seals, layout.Template.Columns.Count);
        using var lines = new ManifestWriter(manifest, batch.Envelope, batch.Postage, batch.Attempt);
        var mark = settings.House(batch.PrintHouse).SheetMark;
        using var letters = new LetterFileWriter(
            pdf, layout, batch.Name, new SheetMarks(mark, EnvelopeProfile.Find(batch.Envelope), batch.Name));
        var (sequence, envelope) = (0, 0);
        while (await row.ReadAsync(cancel))
        {
            sequence++;
            var rowNo = row.GetInt32(1);
            var planned = new PiecePages(row.GetInt32(3), row.GetInt32(4), row.GetInt32(5));
            var place = envelopes?[sequence];
            envelope = place?.Number ?? sequence;
            var letter = opener.Open(row, rowNo, row.GetInt32(6), SealedColumn, ReleaseSaltColumn);
            var made = letters.Append(letter, place);
            if (row.GetInt32(0) != sequence || made != planned)
            {
                throw NotReproducible(batch, $"row {rowNo} takes {made.Sheets} sheets instead of {planned.Sheets}");
            }

            lines.Append(
                envelope, row.GetString(2), made.FirstPage, made.Pages, made.Sheets, row.GetString(7),
                row.GetString(8));
        }

        if (sequence != batch.Pieces)
        {
            throw NotReproducible(batch, $"{sequence} pieces are there instead of {batch.Pieces}");
        }

        letters.Finish();
        return envelope;
    }

    void DemandSize(PrintBatch batch, long bytes)
    {
        if (bytes > settings.House(batch.PrintHouse).BytesMax)
        {
            var name = $"Printing:PrintHouses:{batch.PrintHouse}";
            throw new DispatchException(
                "print.too_large",
                $"'{batch.Files.Pdf}' has {bytes} bytes, more than {name}:BytesMax allows; "
                + $"expected a file print house '{batch.PrintHouse}' takes; agree on a higher limit with it "
                + $"and run the command again, and lower {name}:PagesMax for jobs to come",
                ExitCode.Configuration);
        }
    }

    static void Demand(PrintBatch batch, string file, FileDigest? recorded, FileDigest made)
    {
        if (recorded is { } digest && digest != made)
        {
            throw NotReproducible(batch, $"'{file}' came out with other bytes than the first time");
        }
    }

    static DispatchException NotReproducible(PrintBatch batch, string found) => new(
        "print.not_reproducible",
        $"batch '{batch.Name}' cannot be made as it was planned: {found}; "
        + "expected the same program, letter, fonts, sheet marks and pieces; "
        + "put back the version of dispatch, the font files (dispatch doctor names them), "
        + "Printing:SheetMark or the database they were made with",
        ExitCode.Failed);
}
