using Dispatch.PrintExport.Receipts;
using Dispatch.Routing;

namespace Dispatch.Worker.Tests.Receipts;

public sealed class ReceiptImportTests
{
    static readonly string[] Opposites = ["posted", "rejected"];

    [Fact]
    public async Task RunAsync_EverythingPrintedAndPosted_MovesPiecesAndBatchAndNoEffect()
    {
        await using var world = await ReceiptWorld.CreateAsync();
        var batch = world.Batch;
        var effects = await EffectsAsync(world);

        var first = await world.ImportLinesAsync([batch.Line("accepted"), .. batch.All("printed").SkipLast(1)]);

        Assert.Equal((batch.Pieces.Count, batch.Pieces.Count, 0), (first.Lines, first.Applied, first.Incidents));
        Assert.Equal("accepted", await world.BatchStateAsync(batch));
        Assert.Equal("printed", await world.PieceStateAsync(batch.Pieces[0]));
        Assert.Equal("handed_off", await world.PieceStateAsync(batch.Pieces[^1]));

        await world.ImportLinesAsync([batch.Line(batch.Pieces[^1], "printed"), .. batch.All("posted")]);

        Assert.Equal("printed", await world.BatchStateAsync(batch));
        foreach (var piece in batch.Pieces)
        {
            Assert.Equal("posted", await world.PieceStateAsync(piece));
        }

        Assert.Equal(0, await world.Database.QueryAsync<long>("select count(*) from ops.incidents"));
        Assert.Equal(effects, await EffectsAsync(world));
        Assert.Equal(
            2, await world.Database.QueryAsync<long>(
                "select count(*) from dispatch.events where action = 'receipts_import'"));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(world.Folder, "applied")).Length);
        Assert.Empty(Directory.GetFiles(world.Folder));
        foreach (var other in world.Batches.Where(b => b.Name != batch.Name))
        {
            Assert.Equal("handed_off", await world.BatchStateAsync(other));
        }
    }

    [Fact]
    public async Task RunAsync_SameBytesAgain_ChangeNothing()
    {
        await using var world = await ReceiptWorld.CreateAsync();
        var path = world.Write([world.Batch.Line("accepted"), .. world.Batch.All("printed")]);
        await world.ImportAsync(path);
        var before = await world.LedgerAsync();

        var again = await world.ImportAsync(path);

        Assert.True(again.IsRepeat);
        Assert.Equal(before, await world.LedgerAsync());
        Assert.Equal(1, await world.Database.QueryAsync<long>("select count(*) from ops.receipts"));
    }

    [Fact]
    public async Task RunAsync_SameFileByManyAtOnce_IsAppliedOnce()
    {
        await using var world = await ReceiptWorld.CreateAsync();
        var path = world.Write([.. world.Batch.All("printed")]);

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.ImportAsync(path)));

        Assert.Single(results, result => !result.IsRepeat);
        Assert.Equal(
            world.Batch.Pieces.Count,
            await world.Database.QueryAsync<long>("select count(*) from dispatch.receipt_lines"));
        Assert.Empty(Directory.GetFiles(world.Folder));
    }

    [Fact]
    public async Task RunAsync_PositiveAndNegativeAtOnce_OneWinsAndTheOtherIsAnIncident()
    {
        await using var world = await ReceiptWorld.CreateAsync();
        var piece = world.Batch.Pieces[0];
        var paths = Opposites.Select(status => world.Write(world.Batch.Line(piece, status))).ToList();

        await Task.WhenAll(paths.Select(path => world.ImportAsync(path)));

        Assert.Contains(await world.PieceStateAsync(piece), Opposites);
        Assert.Equal(1, await world.IncidentsAsync(IncidentKind.Contradiction));
    }

    [Fact]
    public async Task RunAsync_LateRepeatedAndContradictingFiles_AreToldApart()
    {
        await using var world = await ReceiptWorld.CreateAsync();
        var (batch, piece, other) = (world.Batch, world.Batch.Pieces[0], world.Batch.Pieces[1]);
        await world.ImportLinesAsync(batch.Line(piece, "posted"), batch.Line(other, "spoiled"));

        var late = await world.ImportLinesAsync(batch.Line(piece, "printed"), batch.Line(piece, "posted"));
        var contradicting = await world.ImportLinesAsync(batch.Line(other, "posted"));

        Assert.Equal((0, 1, 1, 0), (late.Applied, late.Repeated, late.Late, late.Incidents));
        Assert.Equal((0, 1), (contradicting.Applied, contradicting.Incidents));
        Assert.Equal("posted", await world.PieceStateAsync(piece));
        Assert.Equal("spoiled", await world.PieceStateAsync(other));
        Assert.Equal(
            $"{IncidentKind.Contradiction} {other.Row} {other.Id}",
            await world.Database.QueryAsync<string>(
                "select kind || ' ' || row_no || ' ' || piece_id from ops.incidents"));
    }

    [Fact]
    public async Task RunAsync_PrintedTwice_IsOneIncidentAPieceAndNoChange()
    {
        await using var world = await ReceiptWorld.CreateAsync();
        await world.ImportLinesAsync([.. world.Batch.All("printed")]);
        var before = await world.PieceStateAsync(world.Batch.Pieces[0]);

        var second = await world.ImportLinesAsync(
            [.. world.Batch.Pieces.Select(piece => world.Batch.Line(piece, "printed", minutes: 3))]);
        var third = await world.ImportLinesAsync(
            [.. world.Batch.Pieces.Select(piece => world.Batch.Line(piece, "printed", minutes: 4))]);

        Assert.Equal((world.Batch.Pieces.Count, 0), (second.Incidents, third.Incidents));
        Assert.Equal(world.Batch.Pieces.Count, await world.IncidentsAsync(IncidentKind.Duplicate));
        Assert.Equal(before, await world.PieceStateAsync(world.Batch.Pieces[0]));
    }

    [Theory]
    [InlineData("{b};{other};printed;2;1;{at}", "receipt.unknown_piece", 3)]
    [InlineData("{b};ffffffffffffffffffff;printed;2;1;{at}", "receipt.unknown_piece", 3)]
    [InlineData("no-such-batch;;accepted;2;1;{at}", "receipt.unknown_batch", 3)]
    [InlineData("foreign;;accepted;2;1;{at}", "receipt.unknown_batch", 3)]
    [InlineData("planned;;accepted;2;1;{at}", "receipt.unknown_batch", 3)]
    [InlineData("{b};;accepted;2;1;never", "receipt.value", 3)]
    public async Task RunAsync_OneWrongLine_QuarantinesTheWholeFile(string line, string code, int number)
    {
        await using var world = await ReceiptWorld.CreateAsync();
        var (batch, other) = (world.Batch, world.Batches.First(b => b.Name != world.Batch.Name));
        await AddBatchAsync(world, "foreign", "elsewhere", "handed_off");
        await AddBatchAsync(world, "planned", ReceiptWorld.PrintHouse, "planned");
        var before = await world.LedgerAsync();
        var path = world.Write(
            batch.Line("accepted"),
            line.Replace("{b}", batch.Name, StringComparison.Ordinal).Replace(
                "{other}", other.Pieces[0].Id, StringComparison.Ordinal)
                .Replace("{at}", world.Batch.At(), StringComparison.Ordinal));

        var faults = new List<DispatchException>();
        for (var i = 0; i < 2; i++)
        {
            faults.Add(await Assert.ThrowsAsync<DispatchException>(() => world.ImportAsync(path)));
        }

        Assert.All(faults, fault => Assert.Equal((code, ExitCode.Refused), (fault.Code, fault.Exit)));
        Assert.StartsWith($"line {number} ", faults[0].Message, StringComparison.Ordinal);
        Assert.Equal(before, await world.LedgerAsync());
        Assert.Equal(
            $"quarantined {code} 0",
            await world.Database.QueryAsync<string>("select state || ' ' || reason || ' ' || lines from ops.receipts"));
        Assert.Equal(1, await world.IncidentsAsync("receipt.quarantined"));
        var kept = Assert.Single(Directory.GetFiles(Path.Combine(world.Folder, "quarantine")));
        Assert.Equal(await File.ReadAllBytesAsync(path), await File.ReadAllBytesAsync(kept));
        Assert.Empty(Directory.GetFiles(world.Folder));
    }

    [Fact]
    public async Task RunAsync_FileOfAnotherPrintHouse_ConfirmsNothing()
    {
        await using var world = await ReceiptWorld.CreateAsync();
        await AddBatchAsync(world, "foreign", "elsewhere", "handed_off");
        var path = world.Write(world.Batch.Line("accepted"));

        var fault = await Assert.ThrowsAsync<DispatchException>(() => world.ImportAsync(path, "elsewhere"));

        Assert.Equal("receipt.unknown_batch", fault.Code);
        Assert.Equal("handed_off", await world.BatchStateAsync(world.Batch));
        await world.ImportAsync(path);
        Assert.Equal("accepted", await world.BatchStateAsync(world.Batch));
    }

    [Fact]
    public async Task RunAsync_QuarantinedFileThatIsRightNow_IsApplied()
    {
        await using var world = await ReceiptWorld.CreateAsync();
        await world.Database.ExecuteAsync("update dispatch.batches set print_house = 'elsewhere'");
        var path = world.Write(world.Batch.Line("accepted"));
        await Assert.ThrowsAsync<DispatchException>(() => world.ImportAsync(path));
        await world.Database.ExecuteAsync($"update dispatch.batches set print_house = '{ReceiptWorld.PrintHouse}'");

        await world.ImportAsync(path);

        Assert.Equal("accepted", await world.BatchStateAsync(world.Batch));
        Assert.Equal("applied", await world.Database.QueryAsync<string>("select state from ops.receipts"));
        Assert.Empty(Directory.GetFiles(Path.Combine(world.Folder, "quarantine")));
    }

    [Fact]
    public async Task RunAsync_BatchWhoseHandoffIsNotRecordedYet_WaitsForIt()
    {
        await using var world = await ReceiptWorld.CreateAsync();
        await world.Database.ExecuteAsync("update dispatch.batches set state = 'composed'");
        var path = world.Write(world.Batch.Line("accepted"));

        var fault = await Assert.ThrowsAsync<DispatchException>(() => world.ImportAsync(path));

        Assert.Equal(("receipt.too_early", ExitCode.TryAgain), (fault.Code, fault.Exit));
        Assert.Equal(0, await world.Database.QueryAsync<long>("select count(*) from ops.receipts"));
        await world.Database.ExecuteAsync("update dispatch.batches set state = 'handed_off'");
        await world.ImportAsync(path);
        Assert.Equal("accepted", await world.BatchStateAsync(world.Batch));
    }

    [Fact]
    public async Task RunAsync_SameNameOtherContent_KeepsBothAndTells()
    {
        await using var world = await ReceiptWorld.CreateAsync();
        var path = world.Write(world.Batch.Line("accepted"));
        await world.ImportAsync(path);
        File.Copy(world.Write(world.Batches[0].Line("accepted"), world.Batch.Line("accepted")), path, overwrite: true);

        await world.ImportAsync(path);

        Assert.Equal(1, await world.IncidentsAsync(IncidentKind.NameReused));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(world.Folder, "applied")).Length);
    }

    static Task<string> EffectsAsync(ReceiptWorld world) => world.Database.QueryAsync<string>(
        "select string_agg(p.job_id || ' ' || p.row_no || ' ' || p.reason, ',' order by row_no) "
        + "from dispatch.pieces p");

    static Task AddBatchAsync(ReceiptWorld world, string name, string printHouse, string state) =>
        world.Database.ExecuteAsync($"""
            insert into dispatch.batches (job_id, class, number, attempt, name, print_house, envelope, postage, duplex,
                colour, pieces, pages, sheets, state, created_at, pdf_sha256, manifest_sha256, handoff_started_at)
            values ({world.Print.Job.JobId}, '{name}', 1, 1, '{name}', '{printHouse}', '', '', true,
                false, 1, 2, 1, '{state}', now(), '\x00', '\x00', case when '{state}' <> 'planned' then now() end)
            """);
}
