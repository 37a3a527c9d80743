using System.Globalization;
using Dispatch.System.Tests.Desk;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Trail;

/// <summary>The drill of docs/breach-drill.md, step by step: an operator has read and listed letters that were none of
/// their business.</summary>
[Collection(DeskCollection.Name)]
[Trait("Length", "long")]
public sealed class BreachDrillTests(DeskFixture desk)
{
    [RootFact]
    public async Task Drill_OperatorReadWhatTheyShouldNot_TellsWhoDidWhatAndWhomToTell()
    {
        var job = desk.Job(desk.Enrolled.Take(6).Select(person => person.Cpr));
        var other = desk.Job(desk.Enrolled.Take(3).Select(person => person.Cpr));
        (await job.RunAsync()).Expect(0);
        (await other.RunAsync()).Expect(0);
        var (jobId, otherId) = (await desk.Site.JobIdAsync(job.Key), await desk.Site.JobIdAsync(other.Key));
        var began = await TimeAsync();
        var file = Path.Combine(desk.Site.Folder, "breach");
        foreach (var row in new[] { "2", "6" })
        {
            (await desk.Site.RunAsAsync("mallory", "letter", job.Key, "--row", row, "--out", file, "--reason", "=curious")).Expect(0);
        }

        (await desk.Site.RunAsAsync("mallory", "recall", other.Key, "--rows", "1-2", "--list", file)).Expect(0);
        (await desk.Site.RunAsAsync("berit", "letter", job.Key, "--row", "1", "--out", file, "--reason", "a call")).Expect(0);
        var ended = await TimeAsync();

        // Who did what, and what it touched: from the trail, which is proved unbroken.
        var told = await TellAsync("--from", began, "--to", ended, "--out", $"{file}.csv");
        Assert.True(told.Json.GetProperty("isProved").GetBoolean());
        Assert.Equal(
            [
                $"mallory read_letter {jobId} 2 2,6", $"mallory recall_list {otherId} 1 1-2",
                $"berit read_letter {jobId} 1 1",
            ],
            told.Json.GetProperty("acts").EnumerateArray().Select(
                act => $"{act.GetProperty("actor")} {act.GetProperty("action")} {act.GetProperty("job")} "
                    + $"{act.GetProperty("events")} {act.GetProperty("rows")}"));
        Assert.Equal(4, (await File.ReadAllLinesAsync($"{file}.csv")).Count(line => line.Contains(";read_letter;", StringComparison.Ordinal)
            || line.Contains(";recall_list;", StringComparison.Ordinal)));
        Assert.Contains(";read_letter;" + $"{jobId};2;'=curious", await File.ReadAllTextAsync($"{file}.csv"), StringComparison.Ordinal);

        // Whom to tell: the one's acts alone, each job by the command the report names.
        var theirs = await TellAsync("--from", began, "--actor", "mallory");
        Assert.Equal([(jobId, "2,6"), (otherId, "1-2")], Touched(theirs));
        var list = theirs.Json.GetProperty("touched")[0].GetProperty("command").GetString()!;
        Assert.Equal($"dispatch recall {jobId} --rows 2,6 --list FILE", list);
        (await desk.Site.RunAsync(list.Replace("FILE", $"{file}.list", StringComparison.Ordinal).Split(' ')[1..])).Expect(0);
        Assert.Equal(
            ["2 mallory", "6 mallory"],
            (await File.ReadAllLinesAsync($"{file}.list")).Skip(1).Select(line => line.Split(';')).Select(line => $"{line[0]} {line[7]}"));

        // Nobody's number is in it; asking is on record; and a trail that somebody changed proves nothing.
        Assert.DoesNotContain(desk.Enrolled.Take(6), person => theirs.Output.Contains(person.Cpr, StringComparison.Ordinal));
        Assert.Equal(2, (await desk.Site.QueryAsAsync(
            "postgres", "select detail from dispatch.events where action = 'trail_report'")).Count);
        await SpoilAsync("read_letter", "mallory", "berit");
        var broken = (await desk.Site.RunAsync("trail", "--from", began, "--reason", "breach", "--json")).Expect(4);
        await SpoilAsync("read_letter", "berit", "mallory");
        Assert.False(broken.Json.GetProperty("isProved").GetBoolean());
        (await desk.Site.RunAsync("trail", "--from", "yesterday", "--reason", "breach")).ExpectError(2, "time.invalid");
    }

    async Task<CommandResult> TellAsync(params string[] question) =>
        (await desk.Site.RunAsync(["trail", "--reason", "breach drill", "--json", .. question])).Expect(0);

    static List<(int, string?)> Touched(CommandResult told) =>
        [.. told.Json.GetProperty("touched").EnumerateArray().Select(
            rows => (rows.GetProperty("job").GetInt32(), rows.GetProperty("rows").GetString()))];

    // A second of its own: others may do something too.
    async Task<string> TimeAsync()
    {
        var now = (await desk.Site.QueryAsAsync("postgres", "select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS')"))[0][0]!;
        await Until.TrueAsync("the next second", TimeSpan.FromSeconds(5), async () => (await desk.Site.QueryAsAsync(
            "postgres", "select clock_timestamp() at time zone 'UTC' >= $1::timestamp + interval '1 second'", now))[0][0] == "True");
        return DateTime.Parse(now, CultureInfo.InvariantCulture).AddSeconds(1).ToString("s", CultureInfo.InvariantCulture);
    }

    // Of the latest event: first one operator's, then the other's.
    async Task SpoilAsync(string action, string from, string to)
    {
        await using var connection = await desk.Site.OpenAsync("postgres");
        await using var command = new Npgsql.NpgsqlCommand($"""
            alter table dispatch.events disable trigger events_append_only;
            update dispatch.events set actor = '{to}' where event_no = (
                select max(event_no) from dispatch.events where action = '{action}' and actor = '{from}' and detail = '=curious');
            alter table dispatch.events enable always trigger events_append_only
            """, connection);
        await command.ExecuteNonQueryAsync();
    }
}
