using Dispatch.System.Tests.Oracle;
using Dispatch.System.Tests.Paper;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Desk;

/// <summary>What Digital Post promises people about changes of the register, seen from the command line.</summary>
[Collection(DeskCollection.Name)]
public sealed class LivingRegisterTests(DeskFixture desk)
{
    const string PeopleHeader =
        "op;effective_at;cpr;status;status_date;current_cpr;birth_date;name;co;street;place;postcode;city;country;"
        + "contact;protected;exempt;voluntary;guardian;email;phone;notify\n";

    [Fact]
    public async Task Exemption_GrantedAndLifted_DecidesWhatComesAfter()
    {
        var person = desk.Enrolled[100].Cpr;

        string[] sender = ["--set", "OwnSender:Cvr=10000009", "--set", "OwnSender:ReturnAddress:0=Postgade 1"];

        (await AskAsync([person], "exemption", "grant", "--on-behalf-of", "guardian"))
            .ExpectError(2, "person.no_guardian");
        Assert.True(
            (await AskAsync([person], "exemption", "grant", "--json"))
                .Expect(0).Json.GetProperty("changed").GetBoolean());
        Assert.False(
            (await AskAsync([person], "exemption", "grant", "--json"))
                .Expect(0).Json.GetProperty("changed").GetBoolean());
        var exempt = desk.Job([person]);
        (await exempt.RunAsync()).Expect(0);
        Assert.Equal("1 paper exempt", await exempt.EffectsAsync());
        var seen = (await desk.Site.RunAsync("explain", exempt.Key, "--row", "1", "--json")).Expect(0).Json;
        Assert.Equal("person", seen.GetProperty("newestEvent").GetProperty("kind").GetString());
        Assert.Equal(
            "1 digital exemption_not_applicable", await SendAsync(person, rules => rules with { MessageType = "su" }));

        // The receipt was owed all the time; both letters go through the same jobs as all others.
        (await AskAsync([person], ["exemption", "lift", .. sender])).Expect(0);
        (await AskAsync([person], ["exemption", "lift", .. sender])).Expect(0);
        Assert.Equal(
            ["exemption-lifted digital enrolled", "exemption-receipt paper requested"],
            (await desk.Site.QueryAsync(
                """
                select split_part(reference, '-2', 1) || ' ' || effect || ' ' || reason from ops.jobs
                join ops.effects using (job_id) where sender_cvr = '10000009' and state = 'completed' order by 1
                """)).Select(row => row[0]));
        Assert.False(Directory.Exists(Path.Combine(desk.Site.Data, "spool", "own")));

        Assert.Equal("1 digital enrolled", await SendAsync(person, rules => rules));
        Assert.Equal(
            ["exemption grant", "exemption lift"],
            (await desk.Site.QueryAsAsync(
                "postgres",
                "select f.name from register.events e join register.change_files f using (file_no) "
                + "where number = $1 order by event_no",
                long.Parse(person, global::System.Globalization.CultureInfo.InvariantCulture))).Select(row => row[0]));
    }

    [Fact]
    public async Task ReadAccess_GrantedAndEnded_ShowsTheOwnersLettersMeanwhileOnly()
    {
        var (owner, reader, chained) = (desk.Enrolled[101].Cpr, desk.Enrolled[102].Cpr, desk.Enrolled[103].Cpr);
        var job = desk.Job([owner, reader]);
        (await job.RunAsync()).Expect(0);
        (await ListAsync(owner, reader)).ExpectError(2, "mailbox.no_access");

        (await AskAsync([owner, reader], "read-access", "grant", "--by", "self")).Expect(0);
        (await AskAsync([reader, chained], "read-access", "grant", "--by", "self")).Expect(0);

        var letter = Assert.Single(
            (await ListAsync(owner, reader, "--search", "prøvestyrelsens prøvebreve"))
                .Expect(0).Json.EnumerateArray());
        Assert.Equal(1, letter.GetProperty("rowNo").GetInt32());
        (await ListAsync(owner, chained)).ExpectError(2, "mailbox.no_access");
        (await ListAsync(reader, owner)).ExpectError(2, "mailbox.no_access");
        var file = Path.Combine(desk.Site.Folder, "mailbox.pdf");
        Task<CommandResult> ReadAsync(string row) => AskAsync(
            [owner, reader], "mailbox", "read", "--as", "-", "--job", job.Key, "--row", row, "--out", file,
            "--reason", "a call");
        (await ReadAsync("1")).Expect(0);
        Assert.Contains(DeskJob.Marker(1), PdfText.Flow(await PdfText.PagesAsync(file)), StringComparison.Ordinal);
        (await ReadAsync("2")).ExpectError(2, "mailbox.no_letter");

        (await AskAsync([owner, reader], "read-access", "end")).Expect(0);

        (await ListAsync(owner, reader)).ExpectError(2, "mailbox.no_access");
        (await ReadAsync("1")).ExpectError(2, "mailbox.no_access");
        var looks = (await AskAsync([owner], "lookups", "--reason", "own look", "--json")).Expect(0);
        Assert.Contains(
            "mailbox_read 1 as a reader: a call",
            looks.Json.EnumerateArray().Select(
                one => $"{one.GetProperty("action")} {one.GetProperty("row")} {one.GetProperty("detail")}"));
    }

    [Fact]
    public async Task Changes_OfAFolder_AreAppliedOnceOrNotAtAll()
    {
        var (gone, moved) = (desk.Enrolled[104], desk.Enrolled[105]);
        var letters = desk.Job([gone.Cpr]);
        (await letters.RunAsync()).Expect(0);
        var folder = Directory.CreateDirectory(Path.Combine(desk.Site.Folder, "changes")).FullName;
        var file = Path.Combine(folder, "people.csv");
        var lines = $"remove;2026-01-02;{gone.Cpr};;;;;;;;;;;;;;;;;;;\n"
            + $"put;2026-01-02;{moved.Cpr};80;;;;Flyttet Prøve;;;;;;;Rue 1|1000 Bruxelles;;;;;;;\n";
        File.WriteAllText(
            file, PeopleHeader + lines + $"put;2026-01-02;{desk.Enrolled[106].Cpr};1;;;;;;;;;;;;;;;;;;\n");

        var refused = (await desk.Site.RunAsync("register", "import", "--changes", folder))
            .ExpectError(65, "register.value");
        Assert.Contains("people.csv' line 4, column 'status'", refused.Error, StringComparison.Ordinal);
        File.WriteAllText(file, PeopleHeader + lines);
        Assert.Equal(2, (await ChangeAsync(folder)).GetProperty("applied").GetInt32());
        Assert.Equal(0, (await ChangeAsync(folder)).GetProperty("applied").GetInt32());

        Assert.Equal("1 refused register.unknown", await SendAsync(gone.Cpr, rules => rules));
        Assert.Equal("1 paper abroad", await SendAsync(moved.Cpr, rules => rules));
        Assert.Equal("1 digital enrolled", await letters.EffectsAsync());
    }

    async Task<global::System.Text.Json.JsonElement> ChangeAsync(string folder) =>
        (await desk.Site.RunAsync("register", "import", "--changes", folder, "--json")).Expect(0).Json;

    async Task<string> SendAsync(string recipient, Func<JobRules, JobRules> rules)
    {
        var job = desk.Job([recipient], order => order with { Rules = rules(order.Rules) });
        (await job.RunAsync()).Expect(0, 3);
        return await job.EffectsAsync();
    }

    Task<CommandResult> ListAsync(string owner, string reader, params string[] more) => AskAsync(
        [owner, reader], ["mailbox", "list", "--as", "-", "--reason", "a call", "--json", .. more]);

    // Numbers of people go in by standard input, a line each.
    Task<CommandResult> AskAsync(string[] numbers, params string[] command) =>
        desk.Site.RunWithInputAsync(string.Join('\n', numbers), command);
}
