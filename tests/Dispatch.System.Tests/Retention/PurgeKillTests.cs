using System.Text.Json;
using Dispatch.System.Tests.Desk;
using Npgsql;

namespace Dispatch.System.Tests.Retention;

/// <summary>kill -9 of a purge in the middle of a job: the next one ends it, and the ledger is right at every
/// moment.</summary>
[Collection(DeskCollection.Name)]
[Trait("Length", "long")]
public sealed class PurgeKillTests(DeskFixture desk)
{
    const int Letters = 5;

    static readonly string[] Purge =
        ["purge", "--json", "--set", "Retention:LetterDays=30", "--set", "Retention:PieceDays=30"];

    const string AgreeSql = """
        insert into dispatch.retention_votes (class, days, operator, reason)
        select class, 30, operator, 'test'
        from unnest(array['letters', 'pieces']) class, unnest(array['anna', 'bent']) operator
        """;

    // As if the job had been sent 400 days ago.
    const string AgeSql = """
        update register.versions set imported_at = imported_at - interval '500 days';
        update dispatch.jobs set submitted_at = submitted_at - interval '400 days',
            released_at = released_at - interval '400 days', completed_at = completed_at - interval '400 days'
        where job_id = {job};
        update dispatch.chunks set done_at = done_at - interval '400 days' where job_id = {job};
        update mailbox.letters set available_at = available_at - interval '400 days' where job_id = {job};
        """;

    [Fact]
    public async Task Purge_KilledWhileItPurges_IsEndedByTheNext()
    {
        var job = desk.Job([.. desk.Enrolled.Take(Letters).Select(p => p.Cpr), desk.Exempt.Cpr]);
        (await job.RunAsync()).Expect(0);
        var (jobId, effects) = (await desk.Site.JobIdAsync(job.Key), await job.EffectsAsync());
        await using (var owner = await desk.Site.OpenAsync("postgres"))
        {
            await ExecuteAsync(owner, AgreeSql);
            await ExecuteAsync(owner, AgeSql.Replace("{job}", $"{jobId}", StringComparison.Ordinal));
            (await desk.Site.RunAsync("audit", job.Key)).Expect(0);
            await KillWhileHeldAsync(owner, jobId);
        }

        Assert.Equal("open", await PurgeStateAsync(jobId));
        (await desk.Site.RunAsync("audit", job.Key)).Expect(0);
        var file = Path.Combine(desk.Site.Folder, "purged.pdf");

        var purged = (await desk.Site.RunAsync(Purge)).Expect(0).Json.GetProperty("classes");

        Assert.Equal((Letters, 0), (Of(purged, "letters", "items"), Of(purged, "letters", "waiting")));
        Assert.Equal((0, 1), (Of(purged, "pieces", "items"), Of(purged, "pieces", "waiting")));
        Assert.Equal("done", await PurgeStateAsync(jobId));
        string[] open = ["--out", file, "--reason", "test"];
        (await desk.Site.RunAsync(["letter", job.Key, "--row", "1", .. open])).ExpectError(2, "letter.purged");
        (await desk.Site.RunAsync(["letter", job.Key, "--row", $"{Letters + 1}", .. open])).Expect(0);
        string[] commands =
            [$"run {job.Folder}", $"explain {job.Key} --row 1", $"report {job.Key}", $"audit {job.Key}"];
        foreach (var command in commands)
        {
            (await desk.Site.RunAsync(command.Split(' '))).Expect(0);
        }

        Assert.Equal(effects, await job.EffectsAsync());
        Assert.Equal(
            0, Of((await desk.Site.RunAsync(Purge)).Expect(0).Json.GetProperty("classes"), "letters", "items"));
    }

    async Task KillWhileHeldAsync(NpgsqlConnection owner, int jobId)
    {
        await using var transaction = await owner.BeginTransactionAsync();
        await ExecuteAsync(
            owner, $"select from mailbox.letters where job_id = {jobId} and row_no = {Letters} for update");
        using var running = await desk.Site.StartAsync(Purge);
        while ((await desk.Site.QueryAsAsync(
            "postgres",
            "select from pg_stat_activity where wait_event_type = 'Lock' and query like '%purge_values%'")).Count == 0)
        {
            await Task.Yield();
        }

        Assert.True(await running.KillAfterAsync(TimeSpan.Zero));
    }

    async Task<string?> PurgeStateAsync(int jobId) => Assert.Single(await desk.Site.QueryAsync(
        "select state from ops.purges where class = 'letters' and job_id = $1", jobId))[0];

    static int Of(JsonElement classes, string name, string property) =>
        classes.EnumerateArray().Single(c => c.GetProperty("class").GetString() == name).GetProperty(
            property).GetInt32();

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
