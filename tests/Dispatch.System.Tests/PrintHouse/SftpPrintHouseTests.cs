using Dispatch.System.Tests.Desk;
using Dispatch.System.Tests.Paper;
using Dispatch.System.Tests.Running;
using Npgsql;

namespace Dispatch.System.Tests.PrintHouse;

/// <summary>The program and a print house it reaches by SFTP only, with every fault such a way has.</summary>
[Collection(PrintHouseCollection.Name)]
public sealed class SftpPrintHouseTests(DeskFixture desk, SftpHouse server) : IClassFixture<SftpHouse>
{
    const int Letters = 40;
    const int BatchPieces = 10;

    // The handshake takes about 4 KB, a batch's files more than 100.
    const int InTheMiddleOfAFile = 40_000;

    [Fact]
    public async Task Run_HouseThatTakesDamagesRepeatsAndLoses_EndsWithARightLedgerAndAlarms()
    {
        const string House = "taker";
        var folder = await server.FolderAsync("taken-at-once");
        var settings = Settings(House, folder);
        var taken = Directory.CreateDirectory(Path.Combine(desk.Site.Folder, "taken")).FullName;
        var job = Job();
        using var taker = new TakingHouse(folder, taken);

        (await desk.Site.RunAsync(["run", job.Folder, .. settings])).Expect(0);
        for (var batch = 0; batch < Letters / BatchPieces; batch++)
        {
            await taker.NextAsync();
        }

        var effects = await job.EffectsAsync();
        var uploads = server.Uploads;
        (await desk.Site.RunAsync(["run", job.Folder, .. settings])).Expect(0);
        Assert.Equal(uploads, server.Uploads);
        Assert.Empty(Directory.GetFiles(folder));
        var batches = PrintBatch.Find(taken, job.Order);
        Assert.Equal(Letters, batches.Sum(batch => batch.Manifest.Count));
        Assert.All(batches, batch => Assert.Equal(House, batch.Ticket.GetProperty("printHouse").GetString()));
        await Task.WhenAll(batches.Select(SimulatedPrintHouse.CheckAsync));
        var house = new SimulatedPrintHouse(Directory.CreateDirectory(Path.Combine(job.Folder, "answers")).FullName);
        var (sound, torn, refused, lost) = (batches[0], batches[1], batches[2], batches[3]);

        // One batch goes well and is told twice, one is torn in part, one is refused, and of one nothing is ever heard.
        var posted = house.Write(sound.Manifest.Select(line => SimulatedPrintHouse.Say(sound, line, "posted")));
        await ImportAsync(posted, House);
        Assert.True((await ImportAsync(posted, House)).Json.GetProperty("isRepeat").GetBoolean());
        var spoiled = torn.Manifest.Take(2).ToList();
        await ImportAsync(
            house.Write([
                .. spoiled.Select(line => SimulatedPrintHouse.Say(torn, line, "spoiled")),
                .. torn.Manifest.Skip(2).Select(line => SimulatedPrintHouse.Say(torn, line, "posted")),
                SimulatedPrintHouse.Say(refused, "rejected")]),
            House);
        await MakeOverdueAsync(job);

        var paper = (await desk.Site.RunAsync("status", job.Key, "--json")).Expect(0).Json.GetProperty("paper");
        Assert.Equal((1, BatchPieces, 2 + BatchPieces), (
            paper.GetProperty("batchesOverdue").GetInt32(), paper.GetProperty("piecesUnanswered").GetInt32(),
            paper.GetProperty("piecesToReprint").GetInt32()));
        Assert.Equal(
            lost.Name, (await QueryAsync("select batch from ops.receipt_alarms where job_id = $1", job))[0][0]);
        Assert.Equal(
            "batch.rejected",
            Assert.Single(await QueryAsync("select kind from ops.incidents where job_id = $1", job))[0]);

        var ids = string.Join(',', spoiled.Select(line => line.PieceId));
        (await desk.Site.RunAsync(["reprint", torn.Name, "--pieces", ids, "--reason", "torn", .. settings])).Expect(0);
        await taker.NextAsync();
        var again = PrintBatch.Find(taken, job.Order)
            .Single(batch => batch.Ticket.GetProperty("attempt").GetInt32() == 2);
        Assert.Equal(spoiled.Select(line => line.PieceId), again.Manifest.Select(line => line.PieceId));
        await ImportAsync(
            house.Write(again.Manifest.Select(line => SimulatedPrintHouse.Say(again, line, "posted"))), House);

        Assert.Equal(effects, await job.EffectsAsync());
        Assert.Equal(
            $"handed_off {BatchPieces}, posted {2 * BatchPieces}, rejected {BatchPieces}, spoiled 2",
            string.Join(", ", (await QueryAsync(
                "select state, count(*) from ops.print_pieces where job_id = $1 group by state order by state", job))
                .Select(row => $"{row[0]} {row[1]}")));

        // A person looks at the refused batch and closes it; then nothing is open.
        var incident = (await desk.Site.RunAsync("incidents", "list", "--json")).Expect(0).Json.EnumerateArray()
            .Single(i => i.GetProperty("batch").GetString() == refused.Name).GetProperty("id").GetString()!;
        (await desk.Site.RunAsync("incidents", "close", incident, "--reason", "their paper was out")).Expect(0);
        Assert.Equal("their paper was out", Assert.Single(
            await QueryAsync("select close_reason from ops.incidents where job_id = $1", job))[0]);
        (await desk.Site.RunAsync("audit", job.Key)).Expect(0);
    }

    [Fact]
    public async Task Run_EveryFaultOfTheWay_SendsEveryBatchOnce()
    {
        const string House = "faulty";
        var folder = await server.FolderAsync("faulty");
        var settings = Settings(House, folder);
        var job = Job();

        // All is well first; then another host key than the pinned one comes: nobody logs in.
        var doctor = (await desk.Site.RunAsync(["doctor", "--json", .. settings])).Expect(0).Json;
        Assert.Equal("good", doctor.EnumerateArray()
            .Single(finding => finding.GetProperty("check").GetString() == $"print house '{House}'")
            .GetProperty("verdict").GetString());
        var sessions = server.Sessions;
        (await desk.Site.RunAsync(["run", job.Folder, .. Settings(House, folder, server.WrongKnownHosts)]))
            .ExpectError(78, "sftp.host_key");
        Assert.Equal(sessions, server.Sessions);
        Assert.Empty(Directory.GetFiles(folder));

        // A folder we may not write to: one attempt, no loop.
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        (await RunAsync()).ExpectError(78, "sftp.denied");
        Assert.InRange(server.Sessions - sessions, 1, 2);
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        // The line breaks, and then the program itself is killed, in the middle of a file.
        server.Line.State.BytesMax = InTheMiddleOfAFile;
        (await RunAsync()).ExpectError(75, "sftp.failed");
        Assert.Empty(Directory.GetFiles(folder, "*.ticket.json"));
        server.Line.State.IsSilent = true;
        using (var running = await desk.Site.StartAsync(["run", job.Folder, .. settings]))
        {
            await server.Line.State.Reached.WaitAsync(TimeSpan.FromMinutes(2));
            Assert.True(await running.KillAfterAsync(TimeSpan.Zero));
        }

        server.Line.State.Heal();
        server.Line.Cut();
        Assert.Empty(Directory.GetFiles(folder, "*.ticket.json"));
        (await RunAsync()).Expect(0);

        var batches = PrintBatch.Find(folder, job.Order);
        Assert.Equal(Letters / BatchPieces, batches.Count);
        Assert.Equal(batches.Count * 3, Directory.GetFiles(folder).Length);
        await Task.WhenAll(batches.Select(SimulatedPrintHouse.CheckAsync));
        var uploads = server.Uploads;
        (await RunAsync()).Expect(0);
        Assert.Equal(uploads, server.Uploads);
        (await desk.Site.RunAsync("audit", job.Key)).Expect(0);

        Task<CommandResult> RunAsync() => desk.Site.RunAsync(["run", job.Folder, .. settings]);
    }

    [RootFact]
    public async Task Run_ServersDiskIsFullForAWhile_LeavesNothingUnderAFinalNameAndSendsLater()
    {
        var folder = await server.FolderAsync("full");
        var settings = Settings("full", folder);
        var job = Job();
        (await Command.RunAsync(
            "mount", ["-t", "tmpfs", "-o", $"size=32k,mode=0700,uid={SftpHouse.User}", "tmpfs", folder])).Expect(0);
        try
        {
            (await RunAsync()).ExpectError(75, "sftp.failed");
            Assert.DoesNotContain(
                Directory.GetFiles(folder), file => !file.EndsWith(".part", StringComparison.Ordinal));
            (await Command.RunAsync("mount", ["-o", "remount,size=10m", folder])).Expect(0);
            (await RunAsync()).Expect(0);
            Assert.Equal(Letters / BatchPieces, PrintBatch.Find(folder, job.Order).Count);
        }
        finally
        {
            (await Command.RunAsync("umount", [folder])).Expect(0);
        }

        Task<CommandResult> RunAsync() => desk.Site.RunAsync(["run", job.Folder, .. settings]);
    }

    DeskJob Job() => desk.Job(
        desk.Enrolled.Take(Letters).Select(person => person.Cpr),
        order => order with { Rules = order.Rules with { Channel = "paper-only" } });

    string[] Settings(string house, string folder, string? knownHosts = null) =>
        [
            .. server.Settings(house, folder, knownHosts),
            "--set", $"Printing:PrintHouses:{house}:PiecesMax={BatchPieces}",
        ];

    async Task<List<string?[]>> QueryAsync(string sql, DeskJob job) =>
        await desk.Site.QueryAsync(sql, await desk.Site.JobIdAsync(job.Key));

    async Task<CommandResult> ImportAsync(string file, string house) =>
        (await desk.Site.RunAsync("receipts", "import", file, "--print-house", house, "--json")).Expect(0);

    // The hand-off as if it had been long ago, for those that were not answered.
    async Task MakeOverdueAsync(DeskJob job)
    {
        await using var connection = await desk.Site.OpenAsync("none");
        await using var command = new NpgsqlCommand(
            "update dispatch.batches set receipt_due = '2026-01-01' where job_id = $1", connection);
        command.Parameters.Add(new() { Value = await desk.Site.JobIdAsync(job.Key) });
        Assert.Equal(Letters / BatchPieces, await command.ExecuteNonQueryAsync());
    }
}
