using Dispatch.System.Tests.Running;
using Dispatch.System.Tests.Server;

namespace Dispatch.System.Tests.Restore;

/// <summary>An older backup is restored after its letters went to the print house: they do not go there twice, whoever
/// it is that still knows of them.</summary>
[Collection(ServerCollection.Name)]
[Trait("Length", "long")]
public sealed class RestoreTests(ServerFixture fixture)
{
    const string Database = "restored";
    const string Key = "19552101/server";
    const string BatchSql = "select name || ';;accepted;' || pages || ';' || sheets from ops.print_batches";

    [Fact]
    public async Task Run_AfterAnOlderBackupWasRestored_HandsNothingOffTwice()
    {
        var site = await fixture.CreateSiteAsync(Database, "postgres", "postgres");
        (await site.RunAsync("migrate")).Expect(0);
        await fixture.ImportAsync(site);
        (await site.RunAsync("submit", fixture.Job)).Expect(0);
        var backup = Path.Combine(site.Folder, "backup");
        foreach (var withPassword in new[] { $"{ConnInfo} password=secret", "postgresql://a:secret@db/dispatch" })
        {
            // Everybody on the machine would see it.
            (await OpsAsync("backup.sh", site.Data, withPassword, backup)).Expect(2);
            (await OpsAsync("restore.sh", backup, site.Data, withPassword)).Expect(2);
        }

        (await OpsAsync("backup.sh", site.Data, ConnInfo, backup)).Expect(0);
        (await OpsAsync("restore.sh", backup, site.Data, ConnInfo)).Expect(1);
        (await site.RunAsync("run", fixture.Job)).Expect(0);
        var receipt = (await site.QueryAsync(BatchSql))[0][0]!;
        var house = Path.Combine(site.Outbox, "default");
        var taken = Directory.CreateDirectory(Path.Combine(site.Folder, "taken")).FullName;
        Move(house, taken);

        // The journal knows.
        await RestoreAsync(site, backup);
        (await site.RunAsync("run", fixture.Job)).Expect(0);
        Assert.Empty(Directory.GetFiles(house));
        Assert.Equal("handed_off", (await site.QueryAsync("select state from ops.print_batches"))[0][0]);
        Assert.Single(await site.QueryAsAsync(
            "dispatch_worker", "select from dispatch.events where action = 'handoff_found'"));

        // The outbox knows, of this batch and of another one that this database never heard of.
        await RestoreAsync(site, backup);
        Directory.Delete(Path.Combine(site.Data, "reports", "handoff"), recursive: true);
        Move(taken, house);
        var ticket = Directory.GetFiles(house, "*.ticket.json").Single();
        var stranger = ticket.Replace("-0001-", "-0002-", StringComparison.Ordinal);
        File.Copy(ticket, stranger);
        var files = Facts(house);
        (await site.RunAsync("run", fixture.Job)).ExpectError(1, "handoff.unrecorded");
        Assert.Equal(files, Facts(house));
        Assert.Equal("handing_off", await site.StateAsync(Key));
        File.Delete(stranger);
        (await site.RunAsync("run", fixture.Job)).Expect(0);
        Assert.Equal(files.Where(file => !file.StartsWith(stranger, StringComparison.Ordinal)), Facts(house));
        var audit = (await site.RunAsync("audit")).Expect(0, 4).Output;
        Assert.Contains("recorded for their batch: ok", audit, StringComparison.Ordinal);

        // Only the print house knows, and says so.
        await RestoreAsync(site, backup);
        Directory.Delete(Path.Combine(site.Data, "reports", "handoff"), recursive: true);
        Move(house, taken);
        var answer = Path.Combine(site.Folder, "one.receipts.csv");
        await File.WriteAllTextAsync(
            answer, $"batch;piece_id;status;pages;sheets;at\r\n{receipt};2026-01-02T10:00:00Z\r\n#end;1\r\n");
        (await site.RunAsync("receipts", "import", answer, "--print-house", "default"))
            .ExpectError(65, "receipt.unknown_batch");
        (await site.RunAsync("run", fixture.Job)).ExpectError(1, "handoff.unrecorded");
        Assert.Empty(Directory.GetFiles(house));

        // Another spool than the database's: nothing at all is done.
        Directory.Move(Path.Combine(site.Data, "spool"), Path.Combine(site.Data, "spool.other"));
        (await site.RunAsync("run", fixture.Job)).ExpectError(75, "spool.foreign");
        await site.CloseAsync();
    }

    string ConnInfo => $"host={fixture.Cluster.Folder} dbname={Database} user=postgres";

    async Task RestoreAsync(Site site, string backup)
    {
        await fixture.Cluster.AdministerAsync($"drop database {Database} with (force)");
        await fixture.Cluster.AdministerAsync($"create database {Database}");
        (await OpsAsync("restore.sh", backup, site.Data, ConnInfo)).Expect(0);
        (await site.RunAsync("status")).Expect(0);
    }

    static Task<CommandResult> OpsAsync(string script, params string[] arguments) =>
        Command.RunAsync(Path.Combine(TestFolder.Repository, "ops", script), arguments);

    static void Move(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from))
        {
            File.Move(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }
    }

    static List<string> Facts(string folder) => [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)
        .Select(file => $"{file} {new FileInfo(file).LastWriteTimeUtc.Ticks}")];
}
