using System.Globalization;
using Dispatch.Worker.Receipts;
using Dispatch.Worker.Tests.Printing;

namespace Dispatch.Worker.Tests.Receipts;

/// <summary>A job whose batches the engine has handed off, and receipt files about them.</summary>
sealed class ReceiptWorld : IAsyncDisposable
{
    public const string PrintHouse = "default";
    public const int Rows = 40;

    readonly string _inbox;
    DateTimeOffset _claimed;
    int _files;

    ReceiptWorld(PrintWorld print)
    {
        Print = print;
        _inbox = Directory.CreateDirectory(Path.Combine(print.Data.Root, "from-print-house")).FullName;
    }

    public PrintWorld Print { get; }

    public TestDatabase Database => Print.Database;

    public string Folder => Print.Data.Receipts;

    /// <summary>The batches by name, each with its pieces in printing order.</summary>
    public List<Sent> Batches { get; } = [];

    /// <summary>The batch with the most pieces.</summary>
    public Sent Batch => Batches.MaxBy(batch => batch.Pieces.Count)!;

    public static async Task<ReceiptWorld> CreateAsync()
    {
        var world = new ReceiptWorld(await PrintWorld.CreateAsync(Rows));
        await world.Print.AddPiecesAsync(Enumerable.Range(1, Rows));
        await world.Print.RunAsync();
        world._claimed = TimeProvider.System.GetUtcNow();
        await world.ReadBatchesAsync();
        return world;
    }

    public async Task ReadBatchesAsync()
    {
        Batches.Clear();
        await using var command = Database.DataSource.CreateCommand("""
            select b.name, b.pages, b.sheets, i.piece_id, i.pages, i.sheets, i.row_no
            from dispatch.batches b join dispatch.batch_pieces i using (batch_id) order by b.batch_id, i.sequence
            """);
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            if (Batches.Count == 0 || Batches[^1].Name != row.GetString(0))
            {
                Batches.Add(new(row.GetString(0), row.GetInt32(1), row.GetInt32(2), [], _claimed));
            }

            Batches[^1].Pieces.Add(new(row.GetString(3), row.GetInt32(4), row.GetInt32(5), row.GetInt32(6)));
        }
    }

    /// <summary>Writes a whole file of these lines; gives its path.</summary>
    public string Write(params IEnumerable<string> lines)
    {
        var all = lines.ToList();
        return WriteRaw(
            "batch;piece_id;status;pages;sheets;at\n" + string.Concat(all.Select(line => line + "\n"))
            + string.Create(CultureInfo.InvariantCulture, $"#end;{all.Count}\n"));
    }

    public string WriteRaw(string text, string? name = null)
    {
        var path = Path.Combine(_inbox, name ?? $"day-{_files++}.receipts.csv");
        File.WriteAllText(path, text);
        return path;
    }

    public Task<ReceiptResult> ImportAsync(string path, string printHouse = PrintHouse, long bytesMax = 1 << 20) =>
        new ReceiptImport(Database.DataSource, Print.Data, bytesMax, TimeProvider.System)
            .RunAsync(path, printHouse, [PrintHouse], "tester", CancellationToken.None);

    public Task<ReceiptResult> ImportLinesAsync(params IEnumerable<string> lines) => ImportAsync(Write(lines));

    public Task<string> BatchStateAsync(Sent batch) =>
        Database.QueryAsync<string>($"select state from ops.print_batches where name = '{batch.Name}'");

    public Task<string> PieceStateAsync(SentPiece piece, int attempt = 1) => Database.QueryAsync<string>(
        $"select state from ops.print_pieces where piece_id = '{piece.Id}' and attempt = {attempt}");

    /// <summary>All that receipts may change, as one text.</summary>
    public Task<string> LedgerAsync() => Database.QueryAsync<string>("""
        select concat_ws(E'\n',
            (select string_agg(t::text, ' ' order by name) from ops.print_batches t),
            (select string_agg(t::text, ' ' order by batch, sequence) from ops.print_pieces t),
            (select string_agg(t::text, ' ' order by kind, batch, row_no)
             from ops.incidents t where kind <> 'receipt.quarantined'),
            (select count(*) from dispatch.receipt_lines),
            (select string_agg(t::text, ' ' order by t) from ops.effects t))
        """);

    public Task<long> IncidentsAsync(string kind) =>
        Database.QueryAsync<long>($"select count(*) from ops.incidents where kind = '{kind}'");

    public ValueTask DisposeAsync() => Print.DisposeAsync();
}

/// <param name="Claimed">Moments after the hand-off; the same for all that is said in a test.</param>
sealed record Sent(string Name, int Pages, int Sheets, List<SentPiece> Pieces, DateTimeOffset Claimed)
{
    public string At(int minutes = 0) =>
        Claimed.AddMinutes(minutes).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public string Line(string status) => $"{Name};;{status};{Pages};{Sheets};{At()}";

    public string Line(SentPiece piece, string status, int minutes = 0) =>
        $"{Name};{piece.Id};{status};{piece.Pages};{piece.Sheets};{At(minutes)}";

    public IEnumerable<string> All(string status) => Pieces.Select(piece => Line(piece, status));
}

sealed record SentPiece(string Id, int Pages, int Sheets, int Row);
