using System.Globalization;
using Dispatch.PrintExport.Pdf;
using Dispatch.Routing;

namespace Dispatch.PrintExport.Manifest;

/// <summary>
/// Reads the finished print file and its manifest back from the disk and holds them against each other and against what
/// was planned: page for page, before a ticket may say that the batch is whole. Whether every byte arrives at the print
/// house is what the hashes in the ticket are for.
/// </summary>
public static class BatchReadBack
{
    const int ColumnsRead = 5;

    /// <param name="name">Of the batch.</param>
    /// <param name="pdf">Path, and how many bytes were written to it.</param>
    /// <param name="manifest">Path, and how many bytes were written to it.</param>
    /// <param name="planned">Pieces, pages, sheets and envelopes of the batch.</param>
    /// <exception cref="DispatchException"><c>print.read_back</c>, exit 1.</exception>
    public static void Check(
        string name, (string Path, long Bytes) pdf, (string Path, long Bytes) manifest,
        (int Pieces, int Pages, int Sheets, int Envelopes) planned)
    {
        try
        {
            if (new FileInfo(pdf.Path).Length != pdf.Bytes || new FileInfo(manifest.Path).Length != manifest.Bytes)
            {
                throw Wrong($"they have other lengths than were written");
            }

            Compare(pdf.Path, manifest.Path, planned);
        }
        catch (InvalidDataException fault)
        {
            throw new DispatchException(
                "print.read_back",
                $"the files of batch '{name}' were read back and are wrong: {fault.Message}; "
                + "expected every page where the manifest says; "
                + "there is no ticket: run the command again, and when it comes again, check the disk and report a bug",
                ExitCode.Failed,
                fault);
        }
    }

    /// <summary>Holds a file against what was written to it: a disk may say that it wrote and not do it.</summary>
    /// <exception cref="DispatchException"><c>print.read_back</c>, exit 1.</exception>
    public static void CheckBytes(string path, FileDigest written)
    {
        if (FileDigest.OfFile(path) != written)
        {
            throw new DispatchException(
                "print.read_back",
                $"'{path}' was read back and has other bytes than were written; expected the same; it was taken away: "
                + "run the command again, and when it comes again, check the disk",
                ExitCode.Failed);
        }
    }

    static void Compare(string pdf, string manifest, (int Pieces, int Pages, int Sheets, int Envelopes) planned)
    {
        using var file = new PrintFileReader(pdf);
        using var found = file.ReadPieces().GetEnumerator();
        var (pieces, pages, sheets, envelopes) = (0, 0, 0, 0);
        foreach (var line in File.ReadLines(manifest).Skip(1))
        {
            var piece = Piece(line);
            pieces++;
            envelopes += piece.Sequence == envelopes && pieces > 1 ? 0 : 1;
            if (piece.Sequence != envelopes || piece.FirstPage != pages + 1)
            {
                throw Wrong($"line {pieces + 1} of the manifest does not follow the one before");
            }

            for (var page = 0; page < piece.Pages; page++)
            {
                pages++;
                if (!found.MoveNext() || found.Current != pieces)
                {
                    throw Wrong($"page {pages} of the print file does not belong to piece {pieces}");
                }
            }

            sheets += piece.Sheets;
        }

        if (found.MoveNext() || (pieces, pages, sheets, envelopes) != planned)
        {
            throw Wrong(
                $"{pieces} pieces, {envelopes} envelopes, {pages} pages, {sheets} sheets or more, not those planned");
        }
    }

    static (int Sequence, int FirstPage, int Pages, int Sheets) Piece(string line)
    {
        var fields = line.Split(';', ColumnsRead + 1);
        return fields.Length > ColumnsRead
            && TryRead(fields[0], out var sequence) && TryRead(fields[2], out var firstPage)
            && TryRead(fields[3], out var pages) && TryRead(fields[4], out var sheets)
            ? (sequence, firstPage, pages, sheets)
            : throw Wrong($"a line of the manifest is none");
    }

    static bool TryRead(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    static InvalidDataException Wrong(FormattableString found) => new(found.ToString(CultureInfo.InvariantCulture));
}
