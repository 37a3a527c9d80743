using System.Globalization;
using Dispatch.System.Tests.Paper;

namespace Dispatch.System.Tests.PrintHouse;

/// <summary>
/// A print house as far as it can be seen from outside: it takes batches, checks them with its own tools, and answers
/// with receipt files. It knows the documents only.
/// </summary>
sealed class SimulatedPrintHouse(string inbox)
{
    int _files;

    /// <summary>Refuses a batch whose files do not agree with each other.</summary>
    public static async Task CheckAsync(PrintBatch batch)
    {
        var files = batch.Ticket.GetProperty("files").EnumerateArray().ToList();
        Assert.Equal(
            [batch.Pdf, batch.ManifestFile],
            files.Select(f => Path.Combine(batch.Folder, f.GetProperty("name").GetString()!)));
        Assert.All(files, file =>
        {
            var path = Path.Combine(batch.Folder, file.GetProperty("name").GetString()!);
            Assert.Equal(file.GetProperty("bytes").GetInt64(), new FileInfo(path).Length);
            Assert.Equal(file.GetProperty("sha256").GetString(), PrintBatch.Sha256(path));
        });
        Assert.Equal(batch.Manifest.Count, batch.Ticket.GetProperty("pieces").GetInt32());
        Assert.Equal(batch.Manifest.Sum(line => line.Sheets), batch.Ticket.GetProperty("sheets").GetInt32());
        Assert.Equal(batch.Manifest.Sum(line => line.Pages), batch.Ticket.GetProperty("pages").GetInt32());
        Assert.Equal(batch.Manifest.Sum(line => line.Pages), await PdfText.PageCountAsync(batch.Pdf));
        Assert.Equal(Enumerable.Range(1, batch.Manifest.Count), batch.Manifest.Select(line => line.Sequence));
    }

    /// <summary>What is read off the sheets of one piece.</summary>
    public static async Task<string> ReadAsync(PrintBatch batch, string pieceId)
    {
        var line = batch.Manifest.Single(l => l.PieceId == pieceId);
        var pages = await PdfText.PagesAsync(batch.Pdf);
        return PdfText.Flow(pages[(line.FirstPage - 1)..(line.FirstPage - 1 + line.Pages)]);
    }

    public static string Say(PrintBatch batch, string status) => string.Create(
        CultureInfo.InvariantCulture,
        $"{batch.Name};;{status};{batch.Manifest.Sum(l => l.Pages)};{batch.Manifest.Sum(l => l.Sheets)};{Now()}");

    public static string Say(PrintBatch batch, ManifestLine piece, string status) =>
        $"{batch.Name};{piece.PieceId};{status};{piece.Pages};{piece.Sheets};{Now()}";

    /// <summary>Writes a whole receipt file; gives its path.</summary>
    public string Write(params IEnumerable<string> lines)
    {
        var all = lines.ToList();
        var path = Path.Combine(inbox, $"answer-{_files++}.receipts.csv");
        File.WriteAllLines(path, ["batch;piece_id;status;pages;sheets;at", .. all, $"#end;{all.Count}"]);
        return path;
    }

    static string Now() =>
        TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
