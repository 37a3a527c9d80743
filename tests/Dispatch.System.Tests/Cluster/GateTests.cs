using Dispatch.System.Tests.Faults;
using Dispatch.System.Tests.Running;
using Dispatch.System.Tests.Server;
using Npgsql;

namespace Dispatch.System.Tests.Cluster;

/// <summary>A worker that lacks what it needs to send safely takes nothing, says why, and goes on when that is
/// healed.</summary>
[Collection(ServerCollection.Name)]
[Trait("Length", "long")]
public sealed class GateTests(ServerFixture fixture)
{
    const string Database = "gates";
    const int TooManyBytes = 48 << 20;

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Shorter than what a worker is given to finish what it has in hand.</summary>
    static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(10);

    [RootFact]
    public async Task Worker_WhatItNeedsGoesAndComesBack_TakesNothingMeanwhile()
    {
        var site = await fixture.CreateSiteAsync(Database, "postgres", "postgres");
        await using var disk = await MountedDisk.OverAsync(site.Data, "size=64m");
        (await site.RunAsync("migrate")).Expect(0);
        await fixture.ImportAsync(site);
        await using var workers = new Workers(
            site, "Worker:DiskFreeMiBMin=24", "Worker:InboxPeriod=00:00:00.3", "Worker:InboxSettle=00:00:00");
        await workers.StartReadyAsync();

        var (ballast, spool) = (Path.Combine(site.Data, "ballast"), Path.Combine(site.Data, "spool"));
        await TakesNothingAsync(
            site, "disk.low", () => File.WriteAllBytesAsync(ballast, new byte[TooManyBytes]),
            () => Task.Run(() => File.Delete(ballast)));
        // A command that looks makes an empty one in its place: no less wrong.
        await TakesNothingAsync(
            site, "spool.foreign", () => Task.Run(() => Directory.Move(spool, $"{spool}.gone")),
            async () =>
            {
                (await Command.RunAsync("rm", ["-rf", spool])).Expect(0);
                Directory.Move($"{spool}.gone", spool);
            });
        await TakesNothingAsync(site, "database.read_only", () => ReadOnlyAsync("on"), () => ReadOnlyAsync("off"));
        await workers.StopAsync();
        (await site.RunAsync("audit")).Expect(0);
    }

    [Fact]
    public async Task Worker_SecondSignal_EndsAtOnceAndLosesNothing()
    {
        var site = await fixture.CreateSiteAsync("second_signal", "postgres", "postgres");
        (await site.RunAsync("migrate")).Expect(0);
        await fixture.ImportAsync(site);
        (await site.RunAsync("submit", fixture.Job)).Expect(0);
        await using (var owner = await site.OpenAsync("postgres"))
        {
            await using var held = await owner.BeginTransactionAsync();
            await using var hold = new NpgsqlCommand("lock table dispatch.chunks in exclusive mode", owner);
            await hold.ExecuteNonQueryAsync();
            using var worker = await site.StartAsync("worker");
            // For the table: two shards may wait a moment for each other, too, and that is no work in hand.
            await Until.TrueAsync("work in hand", Limit, async () => (await site.QueryAsAsync(
                "postgres",
                "select from pg_stat_activity where datname = 'second_signal' and wait_event_type = 'Lock' "
                + "and wait_event = 'relation'")).Count > 0);
            await worker.SignalAsync("TERM");
            await Until.TrueAsync("the first signal", Limit, () => Task.FromResult(LogSays(site, "Stopping")));

            await worker.SignalAsync("TERM");

            (await worker.EndAsync(AtOnce)).Expect(143);
        }

        (await site.RunAsync("run", fixture.Job)).Expect(0);
        (await site.RunAsync("audit")).Expect(0);
    }

    /// <summary>Drops a job while the gate is closed: it is sent when it is open again, and not before.</summary>
    async Task TakesNothingAsync(Site site, string gate, Func<Task> breakAsync, Func<Task> healAsync)
    {
        await breakAsync();
        await Until.TrueAsync(gate, Limit, () => SaysAsync(site, gate));
        var name = gate.Replace('.', '-');
        var folder = await DropAsync(site, name);
        Assert.True(await SaysAsync(site, gate));
        Assert.True(Directory.Exists(folder), "It was taken through a closed gate.");

        await healAsync();

        await Until.TrueAsync("the job's end", Limit, async () =>
            !Directory.Exists(folder) && await site.StateAsync($"19552101/{name}") == "completed");
        Assert.DoesNotContain("worker.gated", (await site.RunAsync("status")).Expect(0).Error, StringComparison.Ordinal);
    }

    /// <summary>By <c>status</c>; of a database that takes no line, by the log as well.</summary>
    static async Task<bool> SaysAsync(Site site, string gate)
    {
        var status = await site.RunAsync("status");
        return status.Error.Contains(gate, StringComparison.Ordinal) && LogSays(site, gate);
    }

    static bool LogSays(Site site, string text) => Directory.GetFiles(Path.Combine(site.Data, "logs"))
        .Any(file => File.ReadAllText(file).Contains(text, StringComparison.Ordinal));

    async Task<string> DropAsync(Site site, string reference)
    {
        var draft = Path.Combine(site.Data, $"draft-{reference}");
        (await Command.RunAsync("cp", ["-r", fixture.Job, draft])).Expect(0);
        var order = Path.Combine(draft, "job.json");
        await File.WriteAllTextAsync(
            order, (await File.ReadAllTextAsync(order)).Replace("\"server\"", $"\"{reference}\"", StringComparison.Ordinal));
        var folder = Path.Combine(site.Data, "inbox", reference);
        Directory.Move(draft, folder);
        return folder;
    }

    async Task ReadOnlyAsync(string value)
    {
        await fixture.Cluster.AdministerAsync($"alter database {Database} set default_transaction_read_only = {value}");
        await fixture.Cluster.AdministerAsync(
            $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{Database}' and pid <> pg_backend_pid()");
    }
}
