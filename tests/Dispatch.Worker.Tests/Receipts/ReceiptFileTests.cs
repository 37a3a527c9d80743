using System.Diagnostics;
using Dispatch.Routing;

namespace Dispatch.Worker.Tests.Receipts;

/// <summary>Files that are not taken, whatever is in them.</summary>
public sealed class ReceiptFileTests
{
    [Fact]
    public async Task RunAsync_FarMoreLinesThanPieces_IsQuarantined()
    {
        await using var world = await ReceiptWorld.CreateAsync();
        var line = world.Batches[0].Line("accepted");

        var fault = await Assert.ThrowsAsync<DispatchException>(() => world.ImportLinesAsync(
            Enumerable.Repeat(line, (16 * (world.Batches[0].Pieces.Count + 1)) + 1)));

        Assert.Equal("receipt.too_many_lines", fault.Code);
        Assert.Equal("handed_off", await world.BatchStateAsync(world.Batches[0]));
    }

    [Fact]
    public async Task RunAsync_TenGigabytes_AreQuarantinedUnread()
    {
        await using var world = await ReceiptWorld.CreateAsync();
        var path = world.WriteRaw("");
        await using (var huge = File.OpenWrite(path))
        {
            huge.SetLength(10L << 30); // a hole: it takes no disk, but would take long to read
        }

        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < 2; i++)
        {
            var fault = await Assert.ThrowsAsync<DispatchException>(() => world.ImportAsync(path, bytesMax: 1L << 30));
            Assert.Equal(("receipt.too_large", ExitCode.Refused), (fault.Code, fault.Exit));
        }

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(
            1, await world.Database.QueryAsync<long>("select count(*) from ops.receipts where state = 'quarantined'"));
        Assert.Equal(
            0, new DirectoryInfo(world.Folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length));
    }

    [Fact]
    public async Task RunAsync_LinkPipeFolderAndNothing_AreRefused()
    {
        await using var world = await ReceiptWorld.CreateAsync();
        var target = world.Write(world.Batch.Line("accepted"));
        var link = target.Replace("day-", "link-", StringComparison.Ordinal);
        File.CreateSymbolicLink(link, target);
        var pipe = target.Replace("day-", "pipe-", StringComparison.Ordinal);
        using (var made = Process.Start("mkfifo", [pipe]))
        {
            await made.WaitForExitAsync();
        }

        foreach (var path in new[] { link, pipe, Path.GetDirectoryName(target)!, "/dev/zero" })
        {
            var fault = await Assert.ThrowsAsync<DispatchException>(() => world.ImportAsync(path));
            Assert.Equal(("receipt.not_regular", ExitCode.Refused), (fault.Code, fault.Exit));
        }

        var missing = await Assert.ThrowsAsync<DispatchException>(() => world.ImportAsync(target + ".not"));
        Assert.Equal(("receipt.missing", ExitCode.Usage), (missing.Code, missing.Exit));
        Assert.Equal("handed_off", await world.BatchStateAsync(world.Batch));
        Assert.Empty(Directory.GetFiles(world.Folder));
    }

    [Theory]
    [InlineData("receipts.csv")]
    [InlineData("æ.receipts.csv")]
    [InlineData("a b.receipts.csv")]
    [InlineData("-rf.receipts.csv")]
    public async Task RunAsync_NameOfAnotherForm_IsQuarantined(string name)
    {
        await using var world = await ReceiptWorld.CreateAsync();
        var path = world.Write(world.Batch.Line("accepted"));
        var named = Path.Combine(Path.GetDirectoryName(path)!, name);
        File.Move(path, named);

        Assert.Equal(
            "receipt.name", (await Assert.ThrowsAsync<DispatchException>(() => world.ImportAsync(named))).Code);
        Assert.Single(Directory.GetFiles(Path.Combine(world.Folder, "quarantine")));
    }

    [Fact]
    public async Task RunAsync_UnknownPrintHouse_IsWrongUsage()
    {
        await using var world = await ReceiptWorld.CreateAsync();
        var path = world.Write(world.Batch.Line("accepted"));

        var fault = await Assert.ThrowsAsync<DispatchException>(() => world.ImportAsync(path, "nobody"));

        Assert.Equal(("print_house.unknown", ExitCode.Usage), (fault.Code, fault.Exit));
    }

    [Fact]
    public async Task RunAsync_LeftoversOfAKilledImport_AreRemoved()
    {
        await using var world = await ReceiptWorld.CreateAsync();
        await File.WriteAllTextAsync(Path.Combine(world.Folder, "abandoned.part"), "half");

        await world.ImportLinesAsync(world.Batch.Line("accepted"));

        Assert.Empty(Directory.GetFiles(world.Folder));
    }
}
