using System.Text.Json;
using Dispatch.PrintExport.Manifest;
using Dispatch.Routing;
using Dispatch.Worker.Security;

namespace Dispatch.Worker.Tests.Printing;

public sealed class PrintStageTests
{
    const int Rows = 200;

    [Fact]
    public async Task RunAsync_AllPaper_EveryBatchIsThreeFilesThatAgree()
    {
        await using var world = await PrintWorld.CreateAsync(Rows);
        await world.AddPiecesAsync(Enumerable.Range(1, Rows));

        var result = await world.RunAsync();

        var names = PrintWorld.Names(world.Outbox);
        Assert.Equal(Rows, result.Pieces);
        Assert.Equal(result.Batches * 3, names.Length);
        Assert.Empty(PrintWorld.Names(world.Staging));
        Assert.Equal(result.Sheets * 2, result.Pages);
        var pieces = 0;
        foreach (var name in names.Where(name => name.EndsWith(".ticket.json", StringComparison.Ordinal)))
        {
            using var ticket = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(world.Outbox, name)));
            pieces += ticket.RootElement.GetProperty("pieces").GetInt32();
            foreach (var file in ticket.RootElement.GetProperty("files").EnumerateArray())
            {
                var digest = FileDigest.OfFile(Path.Combine(world.Outbox, file.GetProperty("name").GetString()!));
                Assert.Equal(file.GetProperty("bytes").GetInt64(), digest.Bytes);
                Assert.Equal(file.GetProperty("sha256").GetString(), Convert.ToHexStringLower(digest.Sha256.Span));
            }
        }

        Assert.Equal(Rows, pieces);
        Assert.Equal(
            result.Batches,
            await world.Database.QueryAsync<long>("select count(*) from ops.print_batches where state = 'handed_off'"));
        Assert.Equal("handing_off", await world.Database.QueryAsync<string>("select state from ops.jobs"));
    }

    [Fact]
    public async Task RunAsync_NoPaper_NothingIsMade()
    {
        await using var world = await PrintWorld.CreateAsync(Rows);

        var result = await world.RunAsync();

        Assert.Equal((0, 0L), (result.Batches, result.Pieces));
        Assert.Empty(PrintWorld.Names(world.Outbox));
    }

    [Fact]
    public async Task RunAsync_SameJobInAnotherDatabase_SameNamesAndBytes()
    {
        await using var one = await PrintWorld.CreateAsync(Rows);
        await one.AddPiecesAsync(Enumerable.Range(1, Rows));
        await one.RunAsync();
        await using var other = await PrintWorld.CreateAsync(Rows, jobsBefore: 3);
        await other.AddPiecesAsync(Enumerable.Range(1, Rows).Reverse());
        await other.RunAsync();

        Assert.NotEqual(one.Job.JobId, other.Job.JobId);
        Assert.NotEmpty(one.Hashes());
        Assert.Equal(one.Hashes(), other.Hashes());
    }

    [Fact]
    public async Task RunAsync_AfterTheEnd_ChangesNothingAndRemakesNoFile()
    {
        await using var world = await PrintWorld.CreateAsync(Rows);
        await world.AddPiecesAsync(Enumerable.Range(1, Rows));
        var first = await world.RunAsync();
        Array.ForEach(Directory.GetFiles(world.Outbox), File.Delete);

        var second = await world.RunAsync();

        Assert.Equal(first.Batches, second.Batches);
        Assert.Equal(first.Pages, second.Pages);
        Assert.Empty(PrintWorld.Names(world.Outbox));
    }

    [Fact]
    public async Task RunAsync_StagedFilesGoneBeforeTheHandoff_SameBytesAgain()
    {
        await using var undisturbed = await PrintWorld.CreateAsync(Rows);
        await undisturbed.AddPiecesAsync(Enumerable.Range(1, Rows));
        await undisturbed.RunAsync();
        await using var world = await ComposedAsync();
        Array.ForEach(Directory.GetFiles(world.Staging, "*-0001-*"), File.Delete);

        await world.RunAsync();

        Assert.Equal(undisturbed.Hashes(), world.Hashes());
        Assert.Empty(PrintWorld.Names(world.Staging));
    }

    [Fact]
    public async Task RunAsync_StoppedBetweenTheMoves_EndsLikeUndisturbed()
    {
        await using var world = await ComposedAsync();
        await world.Database.ExecuteAsync("update dispatch.batches set handoff_started_at = now()");
        var pdf = Directory.GetFiles(world.Staging, "*.pdf")[0];
        File.Move(pdf, Path.Combine(world.Outbox, Path.GetFileName(pdf)));
        File.Delete(Directory.GetFiles(world.Staging, "*.manifest.csv")[1]);

        var result = await world.RunAsync();

        Assert.Equal(result.Batches * 3, PrintWorld.Names(world.Outbox).Length);
        Assert.Empty(PrintWorld.Names(world.Staging));
    }

    [Fact]
    public async Task RunAsync_TicketWasOutAndAllTaken_IsOnlyRecorded()
    {
        await using var world = await ComposedAsync();
        await world.Database.ExecuteAsync("update dispatch.batches set handoff_started_at = now()");
        Array.ForEach(Directory.GetFiles(world.Staging), File.Delete);

        var result = await world.RunAsync();

        Assert.True(result.Batches > 0);
        Assert.Empty(PrintWorld.Names(world.Outbox));
        Assert.Equal(
            result.Batches,
            await world.Database.QueryAsync<long>("select count(*) from dispatch.batches where state = 'handed_off'"));
    }

    [Fact]
    public async Task RunAsync_OtherFileInTheOutbox_StopsAndLeavesIt()
    {
        await using var world = await ComposedAsync();
        var foreign = Path.Combine(world.Outbox, Path.GetFileName(Directory.GetFiles(world.Staging, "*.pdf")[0]));
        await File.WriteAllTextAsync(foreign, "not ours");

        var fault = await Assert.ThrowsAsync<DispatchException>(world.RunAsync);

        Assert.Equal(("handoff.conflict", ExitCode.Failed), (fault.Code, fault.Exit));
        Assert.Equal("not ours", await File.ReadAllTextAsync(foreign));
        File.Delete(foreign);
        var result = await world.RunAsync();
        Assert.Equal(result.Batches * 3, PrintWorld.Names(world.Outbox).Length);
    }

    [Fact]
    public async Task RunAsync_OtherBytesThanRecorded_StopsAndPublishesNothing()
    {
        await using var world = await ComposedAsync();
        Array.ForEach(Directory.GetFiles(world.Staging), File.Delete);
        await world.Database.ExecuteAsync("update dispatch.batches set pdf_sha256 = sha256(pdf_sha256)");

        var fault = await Assert.ThrowsAsync<DispatchException>(world.RunAsync);

        Assert.Equal(("print.not_reproducible", ExitCode.Failed), (fault.Code, fault.Exit));
        Assert.Empty(PrintWorld.Names(world.Staging));
        Assert.Empty(PrintWorld.Names(world.Outbox));
    }

    [Fact]
    public async Task RunAsync_OtherSheetsThanPlanned_Stops()
    {
        await using var world = await PrintWorld.CreateAsync(Rows);
        await world.AddPiecesAsync(Enumerable.Range(1, Rows));
        await world.Database.ExecuteAsync("update dispatch.pieces set sheets = 5 where row_no = 17");

        var fault = await Assert.ThrowsAsync<DispatchException>(world.RunAsync);

        Assert.Equal("print.not_reproducible", fault.Code);
        Assert.Contains("row 17 ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_SealedLetterWasChanged_Stops()
    {
        await using var world = await PrintWorld.CreateAsync(Rows);
        await world.AddPiecesAsync(Enumerable.Range(1, Rows));
        await world.Database.ExecuteAsync(
            "update dispatch.pieces set sealed = set_byte(sealed, 3, get_byte(sealed, 3) # 1) where row_no = 12");

        var fault = await Assert.ThrowsAsync<DispatchException>(world.RunAsync);

        Assert.Equal(("piece.unreadable", ExitCode.Failed), (fault.Code, fault.Exit));
        Assert.Equal(0, await world.Database.QueryAsync<long>("select count(*) from dispatch.batches"));
    }

    [Fact]
    public async Task RunAsync_PieceReleasedLater_GoesInABatchOfItsOwn()
    {
        const int ReleasedRow = 29;
        await using var world = await PrintWorld.CreateAsync(Rows);
        await world.AddPiecesAsync(Enumerable.Range(1, Rows).Where(row => row != ReleasedRow));
        var first = await world.RunAsync();
        var salt = JobKey.NewSalt();
        await world.Database.ExecuteAsync($"""
            insert into dispatch.releases (job_id, row_no, salt, rule_set, register_version, released_by)
            values ({world.Job.JobId}, {ReleasedRow}, '\x{Convert.ToHexString(salt)}', '', 1, '')
            """);
        await world.AddPiecesAsync([ReleasedRow], salt);

        var second = await world.RunAsync();

        Assert.Equal(first.Batches + 1, second.Batches);
        Assert.Equal(Rows, second.Pieces);
        Assert.Equal(
            0,
            await world.Database.QueryAsync<long>("""
                select count(*)
                from (select class, max(number) - count(*) as gap from dispatch.batches group by class) c
                where gap <> 0
                """));
    }

    [Fact]
    public async Task RunAsync_PrintHouseChangedInBetween_BatchesGoWhereTheyWerePlanned()
    {
        await using var world = await ComposedAsync();
        await world.Database.ExecuteAsync("update dispatch.batches set print_house = 'elsewhere'");
        Array.ForEach(Directory.GetFiles(world.Staging), File.Delete);

        var result = await world.RunAsync();

        Assert.Equal(result.Batches * 3, PrintWorld.Names(world.Data.PrintHouse("elsewhere")).Length);
        Assert.Empty(PrintWorld.Names(world.Outbox));
    }

    [Fact]
    public async Task CompleteAsync_TwoPlannersAtOnce_EveryPieceInOneBatch()
    {
        await using var world = await PrintWorld.CreateAsync(Rows);
        await world.AddPiecesAsync(Enumerable.Range(1, Rows));

        var planned = await Task.WhenAll(world.PlanAsync(), world.PlanAsync());

        Assert.Equal([0, Rows], planned.Order());
        Assert.Equal(Rows, await world.Database.QueryAsync<long>("select sum(pieces) from dispatch.batches"));
        Assert.Equal(
            Rows, await world.Database.QueryAsync<long>("select count(distinct row_no) from dispatch.batch_pieces"));
    }

    /// <summary>A world that stopped after its files were made and before any was handed off.</summary>
    static async Task<PrintWorld> ComposedAsync()
    {
        var world = await PrintWorld.CreateAsync(Rows);
        await world.AddPiecesAsync(Enumerable.Range(1, Rows));
        await world.RunAsync();
        Array.ForEach(
            Directory.GetFiles(world.Outbox),
            file => File.Move(file, Path.Combine(world.Staging, Path.GetFileName(file))));
        await world.Database.ExecuteAsync(
            "update dispatch.batches set state = 'composed', handoff_started_at = null, handed_off_at = null");
        world.ForgetJournal();
        return world;
    }
}
