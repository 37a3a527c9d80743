using System.Text.RegularExpressions;
using Dispatch.System.Tests.Desk;

namespace Dispatch.System.Tests.Trail;

/// <summary>Whatever somebody does leaves just its events: who, what, about which job; nobody's number.</summary>
[Collection(DeskCollection.Name)]
public sealed partial class TrailCommandsTests(DeskFixture desk)
{
    // The head leaves the database once a day, at the end of whichever command is the first.
    const string EventsSql = """
        select event_no, actor, action, job_id, detail from dispatch.events
        where event_no > $1::bigint and action <> 'trail_export' order by event_no
        """;

    [Fact]
    [Trait("Length", "long")]
    public async Task Commands_EachAct_LeavesItsEventsAndNoOther()
    {
        var job = desk.Job([desk.Enrolled[0].Cpr, desk.Exempt.Cpr, desk.WithoutAddress.Cpr, desk.UnderThreat.Cpr]);
        var badJob = desk.Job(desk.Enrolled.Take(90).Select(p => p.Cpr).Concat(Enumerable.Repeat("12345", 10)));
        var cancelled = desk.Job([desk.Enrolled[0].Cpr]);
        var refused = Directory.CreateDirectory(Path.Combine(desk.Site.Folder, "brev-310299-4000")).FullName;
        var register = Directory.GetDirectories(desk.Site.Folder, "register-*").First();
        var file = Path.Combine(desk.Site.Folder, "trail.pdf");
        await ActAsync($"submit {desk.Job([desk.Enrolled[0].Cpr]).Folder}", null);

        (string Command, string Events)[] acts =
        [
            ($"plan {job.Folder}", ""),
            ($"submit {job.Folder}", "submit"),
            ($"submit {job.Folder}", ""),
            ($"run {job.Folder}", "release handoff complete"),
            ($"run {job.Folder}", ""),
            ($"status {job.Key}", ""),
            ($"explain {job.Key} --row 1", ""),
            ($"letter {job.Key} --row 1 --out {file} --reason complaint", "read_letter"),
            ($"letter {job.Key} --row 1 --out {file} --reason complaint --set Printing:BatchPiecesMax=4999",
                "configuration read_letter"),
            ($"letter {job.Key} --row 1 --out {file} --reason complaint", "configuration read_letter"),
            ($"report {job.Key}", "report_export"),
            ($"held list {job.Key}", ""),
            ($"held release {job.Key} --row 3", "held_release"),
            ($"held release {job.Key} --row 4", "held_vote"),
            ($"held release {job.Key} --row 4", ""),
            ($"held refuse {job.Key} --row 3 --reason moved", "held_refuse"),
            ($"held refuse {job.Key} --row 3 --reason moved", ""),
            ($"recall {job.Key} --rows 1 --reason mistake", "recall_vote"),
            ($"recall {job.Key} --rows 1-1 --reason mistake", ""),
            ($"recall {job.Key} --all --list {file}.csv", "recall_list"),
            ($"recall {job.Key} --rows 1 --all --reason mistake", ""),
            ($"run {badJob.Folder}", "submit hold"),
            ($"resume {badJob.Key} --accept-refused", "resume"),
            ($"resume {badJob.Key} --accept-refused", ""),
            ($"submit {cancelled.Folder}", "submit"),
            ($"cancel {cancelled.Key} --reason mistake", "cancel cancelled"),
            ($"cancel {cancelled.Key} --reason mistake", ""),
            ($"submit {refused}", "submit_refused"),
            ($"register import {register}", "register_import"),
            ("trail --from 2026-01-01 --reason test", "trail_report"),
            ("audit", "audit"),
            ($"audit {job.Key}", "audit"),
            ("migrate", ""),
            ("purge", ""),
            ("keys rotate", "keys_rotate keys_rotated"),
            ($"keys forget {cancelled.Key} --confirm 0123", ""),
            ($"keys forget {cancelled.Key}", "key_forget_ask"),
        ];
        foreach (var (command, events) in acts)
        {
            await ActAsync(command, events);
        }
    }

    [Fact]
    public async Task Forget_FinishedJob_IsSaidByEveryCommand()
    {
        var job = desk.Job([desk.Enrolled[0].Cpr, desk.Exempt.Cpr]);
        (await job.RunAsync()).Expect(0);
        var file = Path.Combine(desk.Site.Folder, "forgotten.pdf");
        Assert.NotEmpty(job.Batches());

        var asked = (await desk.Site.RunAsync("keys", "forget", job.Key, "--json")).Expect(0);
        var token = asked.Json.GetProperty("token").GetString()!;
        Assert.Equal(
            (1, 1, 3), (asked.Json.GetProperty("digital").GetInt32(), asked.Json.GetProperty("paper").GetInt32(),
            asked.Json.GetProperty("files").GetInt32()));
        (await desk.Site.RunAsync("letter", job.Key, "--row", "1", "--out", file, "--reason", "test")).Expect(0);
        File.Delete(file);
        var done = (await desk.Site.RunAsync("keys", "forget", job.Key, "--confirm", token)).Expect(0);
        Assert.Contains("forgotten", done.Output, StringComparison.Ordinal);

        Assert.Empty(job.Batches());
        (await desk.Site.RunAsync("letter", job.Key, "--row", "1", "--out", file, "--reason", "test")).ExpectError(2, "key.forgotten");
        Assert.False(File.Exists(file));
        foreach (
            var command in new[] { $"explain {job.Key} --row 1", $"report {job.Key}", $"run {job.Folder}", "audit" })
        {
            var result = (await desk.Site.RunAsync(command.Split(' '))).Expect(0);
            Assert.Contains("key.forgotten", result.Output, StringComparison.Ordinal);
        }

        Assert.Equal("1 digital enrolled, 2 paper exempt", await job.EffectsAsync());
    }

    [Fact]
    public async Task Audit_TrailExportedAndSpoiledSince_EndsWithFour()
    {
        (await desk.Site.RunAsync("audit")).Expect(0);
        var line = Assert.Single(await File.ReadAllLinesAsync(Path.Combine(desk.Site.Data, "reports", "trail.jsonl")));
        Assert.Matches("""^\{"date":"[0-9-]{10}","event":[0-9]+,"hash":"[0-9a-f]{64}"\}$""", line);
        var actor = (await EventsAsync(0))[0][1]!;
        await SpoilAsync("update dispatch.events set actor = 'nobody' where event_no = 1");

        var result = await desk.Site.RunAsync("audit");

        await SpoilAsync($"update dispatch.events set actor = '{actor}' where event_no = 1");
        result.Expect(4);
        Assert.Contains("event 1 was changed", result.Output, StringComparison.Ordinal);
        (await desk.Site.RunAsync("audit")).Expect(0);
    }

    async Task ActAsync(string command, string? expected)
    {
        var before = long.Parse(
            (await QueryAsync("select coalesce(max(event_no), 0) from dispatch.events"))[0][0]!, null);
        var result = await desk.Site.RunAsync(command.Split(' '));
        var events = await EventsAsync(before);

        if (expected is not null)
        {
            Assert.True(expected == string.Join(' ', events.Select(e => e[2])), $"{string.Join(' ', events.Select(e => e[2]))}: {result}");
        }

        Assert.All(events, e =>
        {
            Assert.Equal(Environment.UserName, e[1]);
            Assert.DoesNotMatch(CprPattern(), e[4]);
            Assert.DoesNotContain("310299", e[4], StringComparison.Ordinal);
        });
    }

    Task<List<string?[]>> EventsAsync(long after) => QueryAsync(EventsSql, after);

    async Task SpoilAsync(string sql)
    {
        await using var connection = await desk.Site.OpenAsync("postgres");
        await using var command = new Npgsql.NpgsqlCommand($"""
            alter table dispatch.events disable trigger events_append_only;
            {sql};
            alter table dispatch.events enable always trigger events_append_only
            """, connection);
        await command.ExecuteNonQueryAsync();
    }

    Task<List<string?[]>> QueryAsync(string sql, params object[] values) =>
        desk.Site.QueryAsAsync("postgres", sql, values);

    [GeneratedRegex("(?<![0-9a-f])[0-9]{6}[- ]?[0-9]{4}(?![0-9a-f])")]
    private static partial Regex CprPattern();
}
