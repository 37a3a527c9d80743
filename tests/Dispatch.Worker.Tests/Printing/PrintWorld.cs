using Dispatch.PrintExport.Batches;
using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Manifest;
using Dispatch.PrintExport.Pdf;
using Dispatch.PrintExport.Templates;
using Dispatch.Routing.Pipeline;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Printing;
using Dispatch.Worker.Security;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Tests.Printing;

/// <summary>
/// A database with one job whose chunks are done, and a data folder of its own. Everything in it is made up.
/// </summary>
sealed class PrintWorld : IAsyncDisposable
{
    const int ChunkRows = 100;
    const string Letter = "# Til dig\n\nDu skal betale {{amount}} kr.\n";

    readonly TestDatabase _database = new();
    readonly string _folder = TestServer.NewFolder("printing");
    readonly List<byte[]> _salts = [];

    PrintWorld(int batchPiecesMax, string printHouse)
    {
        Settings = new()
        {
            DataFolder = _folder,
            Printing = new() { BatchPiecesMax = batchPiecesMax, PrintHouse = printHouse },
        };
        Data = DataFolder.Open(Settings);
        Key = KeyEncryptionKey.Parse(KeyEncryptionKey.NewText())!.CreateJobKey();
        Layout = LetterLayout.Create(
            LetterTemplate.Parse(Letter, "letter.md", new Dictionary<string, byte[]>()),
            new("Skattestyrelsen", ["Skattestyrelsen", "2450 København SV"], "Brev", new DateOnly(2026, 3, 9),
                EnvelopeProfile.Find("C5-left"), IsDuplex: true, IsColour: false),
            FontSet.Load(new()));
    }

    public TestDatabase Database => _database;

    public DispatchSettings Settings { get; set; }

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    public DataFolder Data { get; }

    public JobKey Key { get; }

    public LetterLayout Layout { get; }

    public PrintJob Job { get; private set; } = null!;

    public string Outbox => Data.PrintHouse(Settings.Printing.PrintHouse);

    public string Staging => Path.Combine(Data.Spool, "print");

    /// <summary>As if nothing had been handed off yet; else it is a database that was restored.</summary>
    public void ForgetJournal() => Directory.Delete(Path.Combine(Data.Reports, "handoff"), recursive: true);

    /// <param name="jobsBefore">Jobs in the database before this one: they move its generated ids.</param>
    public static async Task<PrintWorld> CreateAsync(
        int rows = 200, int batchPiecesMax = 30, int jobsBefore = 0, string printHouse = "default")
    {
        var world = new PrintWorld(batchPiecesMax, printHouse);
        await world._database.InitializeAsync();
        for (var job = 0; job < jobsBefore; job++)
        {
            await world.AddJobAsync($"before-{job}", rows);
        }

        var (jobId, templateId) = await world.AddJobAsync("2026-brev", rows);
        await world._database.ExecuteAsync(
            $"insert into dispatch.keys (key_id, state) values ('{world.Key.KeyId}', 'current')");
        var order = new PrintOrder(
            "19552101", "2026-brev", new byte[32], new DateOnly(2026, 3, 9), "economy", "C5-left", IsDuplex: true,
            IsColour: false);
        world.Job = new(jobId, templateId, order);
        await world.AddChunksAsync(rows);
        return world;
    }

    public async Task<PrintResult> RunAsync()
    {
        await using var progress = StageProgress.Start(TextWriter.Null, ProgressStyle.None, TimeProvider.System);
        return await new PrintStage(_database.DataSource, Job, Key, Layout, Data, Settings.Printing, Clock, progress)
            .RunAsync(CancellationToken.None);
    }

    public async Task<long> PlanAsync()
    {
        using var seals = new ChunkSeals(
            Key, await ChunkSalts.LoadAsync(_database.DataSource, Job.JobId, CancellationToken.None));
        return await new BatchPlan(
            _database.DataSource, Job, seals, Layout.Template.Columns.Count, Settings.Printing.Choice(),
            TimeProvider.System).CompleteAsync(CancellationToken.None);
    }

    /// <summary>Puts a piece of each row in the table, in this order.</summary>
    public async Task AddPiecesAsync(IEnumerable<int> rows, byte[]? releaseSalt = null)
    {
        await using var connection = await _database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var rowNo in rows)
        {
            var (postcode, zone, values) = LetterOf(rowNo);
            var letter = new LetterValues(Layout.Template.Columns.Count);
            letter.Load(values);
            var check = Layout.Check(letter);
            await AddPieceAsync(connection, rowNo, postcode, zone, check, Seal(rowNo, values, releaseSalt));
        }

        await transaction.CommitAsync();
    }

    public static string[] Names(string folder) =>
        [.. Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order()!];

    /// <summary>Name and SHA-256 of each PDF and manifest that is out; tickets hold the time of planning.</summary>
    public Dictionary<string, string> Hashes() => Hashes(Outbox);

    public static Dictionary<string, string> Hashes(string folder) => Names(folder)
        .Where(name => !name.EndsWith(".ticket.json", StringComparison.Ordinal))
        .ToDictionary(
            name => name, name => Convert.ToHexString(FileDigest.OfFile(Path.Combine(folder, name)).Sha256.Span));

    public async ValueTask DisposeAsync()
    {
        Key.Dispose();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    // Rows differ in zone, postcode (odd ones too), protection and length.
    static (string Postcode, short Zone, byte[] Values) LetterOf(int rowNo)
    {
        string[] postcodes = ["2650", "", "0999", "8000", "8000", "SW1A 1AA", "sw1a 1aa", "Å1", "2650"];
        var postcode = postcodes[rowNo % postcodes.Length];
        var zone = (short)(rowNo % 11 == 0 ? 3 : 1);
        var amount = rowNo % 7 == 0 ? string.Join(' ', Enumerable.Repeat("1.234,50", 700)) : "1.234,50";
        var block = $"Navn {rowNo % 13}\nLærkevej {rowNo % 17}\n{postcode} By";
        return (postcode, zone, LetterValues.Encode($"ref-{rowNo}", [amount], "Navn", block));
    }

    byte[] Seal(int rowNo, byte[] values, byte[]? releaseSalt)
    {
        var sealedValues = new byte[values.Length + LetterSeal.TagBytes];
        using var seal = Key.ForChunk(releaseSalt ?? _salts[(rowNo - 1) / ChunkRows]);
        seal.Seal(Job.JobId, rowNo, PersonOf(rowNo), Job.TemplateId, SealPurpose.Piece, values, sealedValues);
        return sealedValues;
    }

    static int PersonOf(int rowNo) => rowNo + 70_000;

    async Task AddPieceAsync(
        NpgsqlConnection connection, int rowNo, string postcode, short zone, LetterCheck check, byte[] sealedValues)
    {
        const string Sql = """
            insert into dispatch.pieces (job_id, row_no, person_id, reason, facts, zone, country, postcode, pages,
                sheets, sealed)
            values ($1, $2, $3, 0, 0, $4, 'DK', $5, $6, $7, $8)
            """;
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new() { Value = Job.JobId });
        command.Parameters.Add(new() { Value = rowNo });
        command.Parameters.Add(new() { Value = PersonOf(rowNo) });
        command.Parameters.Add(new() { Value = zone });
        command.Parameters.Add(new() { Value = postcode });
        command.Parameters.Add(new() { Value = (short)check.Pages });
        command.Parameters.Add(new() { Value = (short)check.Sheets });
        command.Parameters.Add(new() { Value = sealedValues, NpgsqlDbType = NpgsqlDbType.Bytea });
        await command.ExecuteNonQueryAsync();
    }

    async Task<(int JobId, int TemplateId)> AddJobAsync(string reference, int rows)
    {
        var templateId = await _database.QueryAsync<int>($"""
            insert into dispatch.templates (content_sha256, source, fonts)
            values (sha256('{reference}'), '', array[]::text[])
            returning template_id
            """);
        var jobId = await _database.QueryAsync<int>($"""
            insert into dispatch.jobs (sender_cvr, reference, content_sha256, sender_name, title, order_json,
                template_id, state, rows, columns, list_sha256, list_bytes, list_file, data_key, key_id, segment,
                release_date)
            values ('19552101', '{reference}', '\x00', 'Skattestyrelsen', 'Brev', '', {templateId}, 'composing',
                {rows}, array['amount'], '\x00', 0, '{reference}', '\x{Convert.ToHexString(Key.Wrapped)}',
                '{Key.KeyId}', 0, '2026-03-09')
            returning job_id
            """);
        return (jobId, templateId);
    }

    async Task AddChunksAsync(int rows)
    {
        for (var first = 1; first <= rows; first += ChunkRows)
        {
            var count = Math.Min(ChunkRows, rows - first + 1);
            _salts.Add(JobKey.NewSalt());
            await _database.ExecuteAsync($"""
                insert into dispatch.chunks (job_id, chunk_no, first_row, rows, spool_offset, spool_bytes, state, salt,
                    digital, paper, held, refused)
                values ({Job.JobId}, {_salts.Count - 1}, {first}, {count}, 0, 0, 'done',
                    '\x{Convert.ToHexString(_salts[^1])}', 0, {count}, 0, 0)
                """);
        }
    }
}
