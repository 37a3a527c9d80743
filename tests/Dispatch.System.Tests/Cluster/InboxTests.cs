using Dispatch.System.Tests.Running;
using Dispatch.System.Tests.Server;
using Xunit.Abstractions;

namespace Dispatch.System.Tests.Cluster;

/// <summary>Two workers serve one inbox, and those of two senders in it: what is dropped into it is taken once, or refused with its reason beside
/// it.</summary>
[Collection(ServerCollection.Name)]
public sealed class InboxTests(ServerFixture fixture, ITestOutputHelper log)
{
    const string Sender = "19552101";
    const string OtherSender = "10000009";

    static readonly string LongName = "Hansen".PadRight(250, 'x');
    static readonly string Submitter = Environment.UserName == "root" ? "nobody" : Environment.UserName;
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Worker_FoldersAndReceiptsAreDropped_TakesEachOnceAndEndsWhenAPartFails()
    {
        var site = await fixture.CreateSiteAsync("cluster_inbox", "postgres", "postgres");
        (await site.RunAsync("migrate")).Expect(0);
        await fixture.ImportAsync(site);
        await TakesNothingOnAFullDiskAsync(site);
        await OnlyKnownSendersAsync(site);
        await using var workers = new Workers(
            site, "Worker:InboxPatience=00:00:02", "Worker:InboxSettle=00:00:00", "Worker:InboxPeriod=00:00:00.3",
            "Dispatch:OpenSenders=false");
        var other = await workers.StartAsync();
        var inbox = Path.Combine(site.Data, "inbox");
        Assert.Equal([], ListeningSockets.Of((await workers.StartReadyAsync()).ProcessId));
        await Until.TrueAsync("the inbox", Limit, () => Task.FromResult(Directory.Exists(inbox)));

        await DropAsync(inbox);
        await Until.TrueAsync(
            "an empty inbox", Limit, () => Task.FromResult(
                Names(inbox).SequenceEqual([OtherSender, Sender, "accepted", "loose", "refused"])
                && Names(Path.Combine(inbox, OtherSender)).SequenceEqual(["refused"])
                && Names(Path.Combine(inbox, Sender)).SequenceEqual(["accepted"])));
        await Until.TrueAsync(
            "the job's end", Limit, async () => await site.StateAsync("19552101/server") == "completed");

        Assert.Equal(["good"], Names(Path.Combine(inbox, "accepted")));
        Assert.Equal(
            [
                LongName[..245], $"{LongName[..245]}.error.txt", "lacking", "lacking.error.txt", "linked", "linked.error.txt",
                "wrong", "wrong.error.txt",
            ],
            Names(Path.Combine(inbox, "refused")));
        Assert.Equal(["own"], Names(Path.Combine(inbox, Sender, "accepted")));
        Assert.StartsWith(
            "dispatch: sender.inbox: ", Reason(Path.Combine(inbox, OtherSender), "foreign"), StringComparison.Ordinal);
        Assert.StartsWith("dispatch: file.missing: ", Reason(inbox, "lacking"), StringComparison.Ordinal);
        Assert.StartsWith("dispatch: file.not_regular: ", Reason(inbox, "linked"), StringComparison.Ordinal);
        Assert.StartsWith("dispatch: job.", Reason(inbox, "wrong"), StringComparison.Ordinal);
        Assert.Equal("1", (await site.QueryAsync("select count(*) from ops.jobs"))[0][0]);
        Assert.Equal(
            Submitter, (await site.QueryAsAsync("dispatch_worker", "select submitted_by from dispatch.jobs"))[0][0]);
        await SweepsReceiptsAsync(site);
        var told = string.Concat(Directory.GetFiles(Path.Combine(site.Data, "logs")).Select(File.ReadAllText));
        Assert.Contains("job.syntax", told, StringComparison.Ordinal);
        Assert.Contains("what is no job folder", told, StringComparison.Ordinal);
        Assert.DoesNotContain("Hansen", told, StringComparison.Ordinal);

        // A part that fails ends the worker, and not with 0.
        await fixture.Cluster.AdministerAsync("alter table dispatch.shards rename to gone", "cluster_inbox");
        var failed = (await other.EndAsync(Limit)).ExpectError(78, "database.schema");
        log.WriteLine(failed.Output);
        await fixture.Cluster.AdministerAsync("alter table dispatch.gone rename to shards", "cluster_inbox");
        (await site.RunAsync("audit")).Expect(0);
    }

    /// <summary>One is unknown, gets known, is closed and sends again; the other is known.</summary>
    async Task OnlyKnownSendersAsync(Site site)
    {
        string[] submit = ["submit", fixture.Job, "--set", "Dispatch:OpenSenders=false"];
        (await site.RunAsync(submit)).ExpectError(65, "sender.unknown");
        (await site.RunAsync("sender", "add", OtherSender, "Prøve A/S", "--kind", "private")).ExpectError(2, "sender.ground");
        (await site.RunAsync("sender", "add", OtherSender, "Prøve A/S", "--kind", "private", "--ground", "samtykke")).Expect(0);
        (await site.RunAsync("sender", "add", "19552102", "Prøve", "--kind", "public")).ExpectError(2, "sender.cvr");
        string[] add = ["sender", "add", Sender, "Prøvestyrelsen", "--kind", "public", "--json"];
        var added = (await site.RunAsync(add)).Expect(0).Json;
        Assert.True(added.GetProperty("changed").GetBoolean());
        Assert.Equal(Path.Combine(site.Data, "inbox", Sender), added.GetProperty("inbox").GetString());
        (await site.RunAsync("sender", "close", Sender)).Expect(0);
        (await site.RunAsync(submit)).ExpectError(65, "sender.closed");
        (await site.RunAsync("sender", "add", Sender, "ring 70 20-10 20", "--kind", "public"))
            .ExpectError(2, "sender.name");
        (await site.RunAsync(add)).Expect(0);
        var senders = (await site.RunAsync("sender", "list", "--json")).Expect(0).Json.EnumerateArray();
        Assert.Equal([$"{OtherSender} private samtykke", $"{Sender} public "], senders.Select(sender =>
            $"{sender.GetProperty("cvr")} {sender.GetProperty("kind")} {sender.GetProperty("ground")}"));
    }

    static async Task TakesNothingOnAFullDiskAsync(Site site)
    {
        await using var workers = new Workers(site, "Worker:DiskFreeMiBMin=16777216");
        await workers.StartReadyAsync();
        Assert.Contains(": disk.low", (await site.RunAsync("status")).Expect(0).Error, StringComparison.Ordinal);
        var node = Assert.Single((await site.RunAsync("status", "--workers", "--json")).Expect(0).Json.EnumerateArray());
        Assert.Equal("disk.low", node.GetProperty("gate").GetString());
        Assert.Contains("disk.low", await workers.StopAsync(), StringComparison.Ordinal);
        Assert.Equal(
            ["worker_start", "worker_stop"],
            (await site.QueryAsAsync(
                "dispatch_worker", "select action from dispatch.events where action like 'worker%' order by event_no"))
                .Select(row => row[0]));
        var status = (await site.RunAsync("status")).Expect(0);
        Assert.DoesNotContain("worker.gated", status.Error, StringComparison.Ordinal);
        Assert.Contains("No worker is alive.", status.Output, StringComparison.Ordinal);
    }

    async Task DropAsync(string inbox)
    {
        // Whoever put it there is who submitted it.
        var draft = Path.Combine(Path.GetDirectoryName(inbox)!, "draft");
        (await Command.RunAsync("cp", ["-r", fixture.Job, draft])).Expect(0);
        (await Command.RunAsync("chown", [Submitter, Path.Combine(draft, "job.json")])).Expect(0);
        foreach (var name in new[] { "good", "lacking", $"{Sender}/own", $"{OtherSender}/foreign" })
        {
            (await Command.RunAsync("cp", ["-a", draft, Path.Combine(inbox, name)])).Expect(0);
        }

        File.Delete(Path.Combine(inbox, "lacking", "recipients.csv"));
        Directory.CreateDirectory(Path.Combine(inbox, "wrong"));
        await File.WriteAllTextAsync(Path.Combine(inbox, "wrong", "job.json"), "{ \"reference\": 1 }");
        Directory.CreateDirectory(Path.Combine(inbox, LongName));
        await File.WriteAllTextAsync(Path.Combine(inbox, LongName, "job.json"), "{");
        await File.WriteAllTextAsync(Path.Combine(inbox, "loose"), "");
        (await Command.RunAsync("ln", ["-s", fixture.Job, Path.Combine(inbox, "linked")])).Expect(0);
    }

    static async Task SweepsReceiptsAsync(Site site)
    {
        var batch = (await site.QueryAsync("select name || ';;accepted;' || pages || ';' || sheets from ops.print_batches"))[0][0];
        var folder = Directory.CreateDirectory(Path.Combine(site.Data, "receipts", "default")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(folder, "one.receipts.csv"),
            $"batch;piece_id;status;pages;sheets;at\r\n{batch};2026-01-02T10:00:00Z\r\n#end;1\r\n");
        await Until.TrueAsync("the receipt", Limit, async () =>
            (await site.QueryAsync("select state from ops.print_batches"))[0][0] == "accepted");
        await Until.TrueAsync(
            "a swept folder", Limit,
            () => Task.FromResult(Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length == 0));
        Assert.Equal("1", (await site.QueryAsync("select count(*) from ops.receipts where state = 'applied'"))[0][0]);
    }

    static string[] Names(string folder) =>
        [.. Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    static string Reason(string inbox, string name) =>
        File.ReadAllText(Path.Combine(inbox, "refused", $"{name}.error.txt"));
}
