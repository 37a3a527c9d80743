namespace Dispatch.System.Tests.Desk;

/// <summary>
/// People may ask who looked them up; nobody else's look-ups are told, and no number is left anywhere.
/// </summary>
[Collection(DeskCollection.Name)]
public sealed class LookUpsTests(DeskFixture desk)
{
    [Fact]
    public async Task LookUps_LettersThatWereRead_AreThoseOfThePersonOnly()
    {
        var (asks, other) = (desk.Enrolled[^1], desk.Exempt);
        var job = desk.Job([other.Cpr, asks.Cpr]);
        (await job.RunAsync()).Expect(0);
        var file = Path.Combine(desk.Site.Folder, "lookup.pdf");
        foreach (var row in new[] { "1", "2" })
        {
            string[] command = ["letter", job.Key, "--row", row, "--out", file, "--reason", $"complaint {row}"];
            (await desk.Site.RunAsync(command)).Expect(0);
        }

        (await desk.Site.RunWithInputAsync(
            other.Cpr, ["mailbox", "list", "--as", "owner", "--reason", "complaint 3"])).Expect(0);
        var before = DateTime.UtcNow;
        (await desk.Site.RunAsAsync("anna", "recall", job.Key, "--all", "--list", $"{file}.csv")).Expect(0);
        var after = DateTime.UtcNow;

        var told = (await AskAsync($"{asks.Cpr[..6]}-{asks.Cpr[6..]}\n", "--json")).Expect(0);

        Assert.Equal(
            ["read_letter 2 complaint 2", "recall_list  rows 1-2"],
            told.Json.EnumerateArray().Select(
                one => $"{one.GetProperty("action")} {one.GetProperty("row")} {one.GetProperty("detail")}"));
        var last = told.Json.EnumerateArray().Last();
        Assert.Equal("anna", last.GetProperty("actor").GetString());
        Assert.InRange(last.GetProperty("at").GetDateTime(), before, after);
        Assert.DoesNotContain(asks.Cpr, told.Output, StringComparison.Ordinal);
        var toldOther = (await AskAsync(other.Cpr)).Expect(0).Output;
        Assert.Contains("complaint 1", toldOther, StringComparison.Ordinal);
        Assert.Contains("mailbox_list", toldOther, StringComparison.Ordinal);
        Assert.Contains("Nobody", (await AskAsync(desk.WithoutAddress.Cpr)).Expect(0).Output, StringComparison.Ordinal);
        (await AskAsync("12345")).ExpectError(2, "person.number");
        (await AskAsync("10000009")).ExpectError(2, "person.unknown");
        var asked = await desk.Site.QueryAsAsync(
            "postgres", "select detail from dispatch.events where action = 'lookups' and detail <> 'own look'");
        Assert.Equal(["access request", "access request", "access request"], asked.Select(row => row[0]));
    }

    Task<Running.CommandResult> AskAsync(string number, params string[] more) =>
        desk.Site.RunWithInputAsync(number, ["lookups", "--reason", "access request", .. more]);
}
