using System.Diagnostics;
using System.Text.Json;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Printing;

namespace Dispatch.Worker.Tests.Printing;

/// <summary>
/// A job's paper for several print houses, one of which is closed, gone or takes no file of that size.
/// </summary>
public sealed class PrintHousesTests
{
    const int Rows = 100;
    static readonly DateTimeOffset Evening = new(2026, 3, 9, 17, 30, 0, TimeSpan.Zero); // 18:30 in Copenhagen

    [Fact]
    public async Task RunAsync_SeveralHouses_TheSameBatchesForEachEveryTime()
    {
        await using var one = await CreateAsync();
        await using var other = await CreateAsync(jobsBefore: 2);

        var result = await one.RunAsync();
        await other.RunAsync();

        Assert.Equal(Rows, result.Pieces);
        foreach (var house in new[] { "north", "south", "abroad" })
        {
            var folder = one.Data.PrintHouse(house);
            var tickets = Directory.GetFiles(folder, "*.ticket.json");
            Assert.NotEmpty(tickets);
            Assert.All(tickets, ticket => Assert.Equal(house, Ticket(ticket).GetProperty("printHouse").GetString()));
            Assert.All(tickets, ticket => Assert.Equal(
                house == "abroad", Path.GetFileName(ticket).Contains("-world-", StringComparison.Ordinal)));
            Assert.Equal(PrintWorld.Hashes(folder), PrintWorld.Hashes(other.Data.PrintHouse(house)));
        }

        Assert.All(
            Directory.GetFiles(one.Data.PrintHouse("north"), "*.ticket.json"),
            ticket => Assert.InRange(Ticket(ticket).GetProperty("pieces").GetInt32(), 1, 5));
        Assert.Empty(PrintWorld.Names(one.Outbox));
    }

    [Fact]
    public async Task RunAsync_OneHouseClosed_ItsBatchesWaitAndTheOthersGo()
    {
        await using var world = await CreateAsync(house => house with { CutOff = "18:00", Downtime = "22:00-06:00" });
        world.Clock = new FixedClock(Evening);

        var fault = await Assert.ThrowsAsync<DispatchException>(world.RunAsync);

        Assert.Equal(("handoff.closed", ExitCode.TryAgain), (fault.Code, fault.Exit));
        Assert.Contains("'north'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("until 2026-03-10 06:00 local time", fault.Message, StringComparison.Ordinal);
        Assert.Equal(Evening.Date.AddHours(29), fault.RetryAt!.Value.UtcDateTime);
        Assert.Equal(["abroad", "south"], await HousesAsync(world, "handed_off"));
        Assert.Equal(["north"], await HousesAsync(world, "composed"));

        world.Clock = new FixedClock(Evening.AddHours(12));
        await world.RunAsync();

        Assert.Equal(["abroad", "north", "south"], await HousesAsync(world, "handed_off"));
        Assert.Empty(PrintWorld.Names(world.Staging));
    }

    [Fact]
    public async Task RunAsync_FileTooLargeForAHouse_NamesTheSettingAndTheOthersGo()
    {
        await using var world = await CreateAsync(house => house with { BytesMax = 2_000 });

        var fault = await Assert.ThrowsAsync<DispatchException>(world.RunAsync);

        Assert.Equal(("print.too_large", ExitCode.Configuration), (fault.Code, fault.Exit));
        Assert.Contains("Printing:PrintHouses:north:BytesMax", fault.Message, StringComparison.Ordinal);
        Assert.Equal(["abroad", "south"], await HousesAsync(world, "handed_off"));
        Assert.Equal(["north"], await HousesAsync(world, "planned"));
        Assert.Empty(PrintWorld.Names(world.Staging));

        Change(world, house => house with { BytesMax = 2_000_000 });
        await world.RunAsync();
        Assert.Equal(["abroad", "north", "south"], await HousesAsync(world, "handed_off"));
    }

    [Fact]
    public async Task RunAsync_FolderOfAHouseGone_ItsBatchesWaitAndTheOthersGo()
    {
        await using var world = await CreateAsync();
        var folder = world.Data.PrintHouse("north");
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        File.CreateSymbolicLink(folder, "/no/such/mount/point");

        await ThrowsAsync(world, "outbox.gone", ExitCode.TryAgain);

        File.Delete(folder);
        await world.RunAsync();
        Assert.Equal(["abroad", "north", "south"], await HousesAsync(world, "handed_off"));
        Assert.Empty(PrintWorld.Names(world.Staging));
    }

    [Fact]
    public async Task RunAsync_FolderThatTookFilesIsGone_IsNotMadeAgainAndTheOthersGo()
    {
        await using var world = await CreateAsync(rows: Rows - 30);
        await world.RunAsync();
        var folder = world.Data.PrintHouse("north");
        Directory.Delete(folder, recursive: true);
        await world.AddPiecesAsync(Enumerable.Range(Rows - 29, 30));
        DataFolder.Open(world.Settings);

        var fault = await Assert.ThrowsAsync<DispatchException>(world.RunAsync);
        Assert.Equal(("outbox.gone", ExitCode.TryAgain), (fault.Code, fault.Exit));
        Assert.Contains($"'{folder}' is gone", fault.Message, StringComparison.Ordinal);
        Assert.Contains("mkdir", fault.Message, StringComparison.Ordinal);
        Assert.Equal(["north"], await HousesAsync(world, "composed"));
        Assert.False(Directory.Exists(folder));

        Directory.Delete(world.Data.Outbox, recursive: true);
        DataFolder.Open(world.Settings);
        fault = await Assert.ThrowsAsync<DispatchException>(world.RunAsync);
        Assert.Equal("outbox.gone", fault.Code);
        Assert.Contains($"'{world.Data.Outbox}' is gone", fault.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(world.Data.Outbox));

        Directory.CreateDirectory(folder);
        await world.RunAsync();
        Assert.Empty(await HousesAsync(world, "composed"));
        Assert.NotEmpty(PrintWorld.Names(folder));
    }

    [RootFact]
    public async Task RunAsync_FolderOfAHouseFullOrReadOnly_ItsBatchesWaitAndTheOthersGo()
    {
        await using var world = await CreateAsync();
        var folder = Directory.CreateDirectory(world.Data.PrintHouse("north")).FullName;
        Run("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", folder);
        try
        {
            await ThrowsAsync(world, "disk.full", ExitCode.TryAgain);
            Run("mount", "-o", "remount,ro", folder);
            await ThrowsAsync(world, "outbox.not_writable", ExitCode.Configuration);
        }
        finally
        {
            Run("umount", folder);
        }

        // What is left is the empty folder below the share: nobody would ever look into it.
        await ThrowsAsync(world, "outbox.gone", ExitCode.TryAgain);
        Assert.Empty(PrintWorld.Names(folder));

        File.Delete(OutboxMount.NoteOf(world.Data, "north"));
        await world.RunAsync();
        Assert.Equal(["abroad", "north", "south"], await HousesAsync(world, "handed_off"));
    }

    static async Task ThrowsAsync(PrintWorld world, string code, ExitCode exit)
    {
        var fault = await Assert.ThrowsAsync<DispatchException>(world.RunAsync);
        Assert.Equal((code, exit), (fault.Code, fault.Exit));
        Assert.Equal(["north"], await HousesAsync(world, "composed"));
        Assert.Equal(["abroad", "south"], await HousesAsync(world, "handed_off"));
    }

    static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    static async Task<PrintWorld> CreateAsync(
        Func<PrintHouseSettings, PrintHouseSettings>? north = null, int jobsBefore = 0, int rows = Rows)
    {
        var world = await PrintWorld.CreateAsync(Rows, batchPiecesMax: 30, jobsBefore: jobsBefore);
        Change(world, north ?? (house => house));
        await world.AddPiecesAsync(Enumerable.Range(1, rows));
        return world;
    }

    static void Change(PrintWorld world, Func<PrintHouseSettings, PrintHouseSettings> north)
    {
        var printing = world.Settings.Printing with
        {
            PrintHouses = new Dictionary<string, PrintHouseSettings>
            {
                ["north"] = north(new() { Zones = ["DK", "EU"], PiecesMax = 5 }),
                ["south"] = new() { Zones = ["DK"], PiecesMax = 20 },
                ["abroad"] = new() { Zones = ["WORLD"] },
            },
        };
        world.Settings = world.Settings with { Printing = printing };
    }

    static JsonElement Ticket(string file) => JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;

    static async Task<string[]> HousesAsync(PrintWorld world, string state) =>
        await world.Database.QueryAsync<string[]>($$"""
            select coalesce(array_agg(distinct print_house order by print_house), '{}')
            from dispatch.batches where state = '{{state}}'
            """);

    sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
