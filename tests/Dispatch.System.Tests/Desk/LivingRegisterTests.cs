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

    // Of nobody else in these tests.
    const string PrivateSender = "10000033";
    const string Welcomer = "10000068";

    static readonly string[] Welcoming =
        ["--set", $"OwnSender:Cvr={Welcomer}", "--set", "OwnSender:ReturnAddress:0=Postgade 1"];

    const int ChunkRowsMin = 100;

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

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

        // It has no end date: nothing lies there that would lift it.
        Assert.Empty(await desk.Site.QueryAsAsync(
            "postgres", "select from register.pending_changes where number = $1", Number(person)));
        var exempt = desk.Job([person]);
        (await exempt.RunAsync()).Expect(0);
        Assert.Equal("1 paper exempt", await exempt.EffectsAsync());
        var seen = (await desk.Site.RunAsync("explain", exempt.Key, "--row", "1", "--json")).Expect(0).Json;
        Assert.Equal("person", seen.GetProperty("newestEvent").GetProperty("kind").GetString());
        foreach (var messageType in new[] { "su", "state-payslip" })
        {
            Assert.Equal(
                "1 digital exemption_not_applicable",
                await SendAsync(person, rules => rules with { MessageType = messageType }));
        }

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
                Number(person))).Select(row => row[0]));
    }

    [Fact]
    public async Task ReadAccess_GrantedAndEnded_ShowsTheOwnersLettersMeanwhileOnly()
    {
        var (owner, reader, chained) = (desk.Enrolled[101].Cpr, desk.Enrolled[102].Cpr, desk.Enrolled[103].Cpr);
        var job = desk.Job([owner, reader]);
        (await job.RunAsync()).Expect(0);
        (await ListAsync(owner, reader)).ExpectError(2, "mailbox.no_access");
        (await AskAsync([owner, reader], "read-access", "grant", "--by", "guardian"))
            .ExpectError(2, "person.no_guardian");

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

        // The reader's role alone is good for nothing: the database shows what a ticket says, and there is none.
        foreach (var table in new[] { "mailbox.inbox", "mailbox.letters", "mailbox.looks_at_mine" })
        {
            var seen = await desk.Site.QueryAsAsync("dispatch_reader", $"select count(*) from {table}");
            Assert.Equal("0", seen[0][0]);
        }

        (await AskAsync([owner, reader], "read-access", "end")).Expect(0);

        (await ListAsync(owner, reader)).ExpectError(2, "mailbox.no_access");
        (await ReadAsync("1")).ExpectError(2, "mailbox.no_access");
        var looks = (await AskAsync([owner], "lookups", "--reason", "own look", "--json")).Expect(0);
        var told = looks.Json.EnumerateArray().Select(
            one => $"{one.GetProperty("action")} {one.GetProperty("row")} {one.GetProperty("detail")}").ToList();
        Assert.Contains("mailbox_list  as a reader: a call", told);
        Assert.Contains("mailbox_read 1 as a reader: a call", told);
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
        Assert.Single((await ListAsync(gone.Cpr, "owner")).Expect(0).Json.EnumerateArray());
    }

    [Fact]
    public async Task Changes_BetweenReleaseAndARowsTurn_AreHonouredAndExplained()
    {
        var (first, dead, exempt) = (desk.Enrolled[107], desk.Enrolled[108], desk.Enrolled[109]);
        var job = desk.Job(
            [.. Enumerable.Repeat(first.Cpr, ChunkRowsMin), dead.Cpr, exempt.Cpr],
            order => order with { StopAtRefusedShare = 1 });
        (await desk.Site.RunAsync("submit", job.Folder, "--set", $"Dispatching:ChunkRows={ChunkRowsMin}")).Expect(0);
        (await desk.Site.RunAsync("rate", job.Key, "--per-hour", "1", "--reason", "test")).Expect(0);
        using (var run = await desk.Site.StartAsync("run", job.Folder))
        {
            await Until.TrueAsync(
                "the first chunk", Patience, async () => await job.EffectCountAsync() == ChunkRowsMin);
            (await desk.Site.RunAsync("pause", job.Key, "--reason", "test")).Expect(0);
            (await run.EndAsync(Patience)).Expect(75);
        }

        var folder = Directory.CreateDirectory(Path.Combine(desk.Site.Folder, "meanwhile")).FullName;
        File.WriteAllText(
            Path.Combine(folder, "people.csv"),
            PeopleHeader + $"put;2026-01-03;{first.Cpr};90;;;;A;;;;;;;;;;;;;;\n"
            + $"put;2026-01-03;{dead.Cpr};90;;;;A;;;;;;;;;;;;;;\n"
            + $"put;2026-01-03;{exempt.Cpr};01;;;;C;;Prøvevej 1;;8000;Aarhus C;;;;1;;;;;\n");
        Assert.Equal(3, (await ChangeAsync(folder)).GetProperty("applied").GetInt32());
        (await desk.Site.RunAsync("rate", job.Key, "--per-hour", "none", "--reason", "test")).Expect(0);
        (await desk.Site.RunAsync("resume", job.Key)).Expect(0);
        (await job.RunAsync()).Expect(3);

        Assert.EndsWith(
            ", 101 refused recipient.deceased, 102 paper exempt", await job.EffectsAsync(), StringComparison.Ordinal);
        Assert.Equal(await EventAsync(dead.Cpr), await NewestEventAsync(job, 101));
        Assert.Equal(await EventAsync(exempt.Cpr), await NewestEventAsync(job, 102));

        // What was decided before is not decided again, and did not see what came after.
        Assert.Null(await NewestEventAsync(job, 1));
    }

    [Fact]
    public async Task Registration_AddedAndEnded_DecidesTheNextLetterOfAPrivateSender()
    {
        var person = desk.Enrolled[110].Cpr;
        Task<string> LetterAsync() => SendAsync(
            person, rules => rules with { IsPrivate = true, SenderCvr = PrivateSender });
        Task<CommandResult> RegisterAsync(string verb, string sender = PrivateSender) =>
            AskAsync([person], "registration", verb, "--sender", sender, "--json");
        Assert.Equal("1 paper not_registered", await LetterAsync());

        (await RegisterAsync("add", "19552102")).ExpectError(2, "sender.cvr");
        Assert.True((await RegisterAsync("add")).Expect(0).Json.GetProperty("changed").GetBoolean());
        Assert.False((await RegisterAsync("add")).Expect(0).Json.GetProperty("changed").GetBoolean());

        Assert.Equal("1 digital enrolled", await LetterAsync());
        Assert.Equal(
            PrivateSender,
            Assert.Single((await AskAsync([person], "registration", "list", "--json")).Expect(0).Json.EnumerateArray())
                .GetString());

        Assert.True((await RegisterAsync("end")).Expect(0).Json.GetProperty("changed").GetBoolean());
        Assert.False((await RegisterAsync("end")).Expect(0).Json.GetProperty("changed").GetBoolean());

        Assert.Equal("1 paper not_registered", await LetterAsync());
        Assert.Equal(
            ["registration add", "registration end"],
            (await desk.Site.QueryAsAsync(
                "postgres",
                "select substring(detail from ': (.*)') from dispatch.events "
                + "where action = 'register_change' and detail like '%registration%' order by event_no"))
            .Select(row => row[0]));
    }

    [Fact]
    [Trait("Length", "long")]
    public async Task Changes_PeopleComeAndGo_AreEnrolledByThemselvesAndWelcomed()
    {
        var person = desk.Newcomer.Cpr;
        Assert.Equal("1 refused register.unknown", await SendAsync(person, rules => rules));

        // Moves in, leaves, returns, loses the address, and signs up all the same.
        Assert.Equal("1 digital enrolled", await LiveAsync(person, "2026-02-01", "01", ""));
        Assert.Equal(1, await WelcomesAsync());
        Assert.Equal("1 paper abroad", await LiveAsync(person, "2026-02-02", "80", ""));
        Assert.Equal(1, await WelcomesAsync());
        Assert.Equal("1 digital enrolled", await LiveAsync(person, "2026-02-03", "01", ""));
        Assert.Equal(2, await WelcomesAsync());
        Assert.Equal("1 paper no_fixed_address", await LiveAsync(person, "2026-02-04", "03", ""));
        Assert.Equal("1 digital voluntary", await LiveAsync(person, "2026-02-05", "03", "1"));

        // With a guardian, who may ask for an exemption and for read access.
        var guardian = desk.Enrolled[114].Cpr;
        Assert.Equal("1 digital enrolled", await LiveAsync(person, "2026-02-06", "01", "", guardian));
        (await AskAsync([person, guardian], "read-access", "grant", "--by", "guardian")).Expect(0);
        (await ListAsync(person, guardian)).Expect(0);
        (await AskAsync([person], ["exemption", "grant", "--on-behalf-of", "guardian", .. Welcoming])).Expect(0);
        Assert.Equal("1 paper exempt", await SendAsync(person, rules => rules));
        (await AskAsync([person], ["exemption", "lift", .. Welcoming])).Expect(0);
        Assert.Equal(2, await WelcomesAsync());
    }

    // What becomes of somebody, the nightly run, and what a letter to them becomes then.
    async Task<string> LiveAsync(string person, string day, string status, string voluntary, string guardian = "")
    {
        var folder = Directory.CreateDirectory(Path.Combine(desk.Site.Folder, $"life-{day}")).FullName;
        File.WriteAllText(
            Path.Combine(folder, "people.csv"),
            PeopleHeader + $"put;{day};{person};{status};;;;Prøve;;Prøvevej 1;;8000;Aarhus C;;Rue 1|1000 Bruxelles;;;"
            + $"{voluntary};{guardian};;;\n");
        Assert.Equal(1, (await ChangeAsync(folder)).GetProperty("applied").GetInt32());
        (await desk.Site.RunAsync(["register", "apply", .. Welcoming])).Expect(0);
        return await SendAsync(person, rules => rules);
    }

    async Task<int> WelcomesAsync() => (await desk.Site.QueryAsync(
        """
        select from ops.jobs join ops.effects using (job_id)
        where sender_cvr = $1 and reference like 'welcome-%' and effect = 'paper' and state = 'completed'
        """, Welcomer)).Count;

    async Task<string?> NewestEventAsync(DeskJob job, int row)
    {
        var seen = (await desk.Site.RunAsync("explain", job.Key, "--row", $"{row}", "--json")).Expect(0).Json;
        return seen.TryGetProperty("newestEvent", out var newest)
            && newest.ValueKind == global::System.Text.Json.JsonValueKind.Object
            ? newest.GetProperty("number").ToString()
            : null;
    }

    async Task<string?> EventAsync(string cpr) => Assert.Single(await desk.Site.QueryAsAsync(
        "postgres", "select event_no::text from register.events where number = $1", Number(cpr)))[0];

    static long Number(string cpr) => long.Parse(cpr, global::System.Globalization.CultureInfo.InvariantCulture);

    async Task<global::System.Text.Json.JsonElement> ChangeAsync(string folder) =>
        (await desk.Site.RunAsync("register", "import", "--changes", folder, "--json")).Expect(0).Json;

    async Task<string> SendAsync(string recipient, Func<JobRules, JobRules> rules)
    {
        var job = desk.Job([recipient], order => order with { Rules = rules(order.Rules) });
        (await job.RunAsync()).Expect(0, 3);
        return await job.EffectsAsync();
    }

    Task<CommandResult> ListAsync(string owner, string reader, params string[] more) =>
        reader == "owner"
            ? AskAsync([owner], ["mailbox", "list", "--as", reader, "--reason", "a call", "--json", .. more])
            : AskAsync([owner, reader], ["mailbox", "list", "--as", "-", "--reason", "a call", "--json", .. more]);

    // Numbers of people go in by standard input, a line each.
    Task<CommandResult> AskAsync(string[] numbers, params string[] command) =>
        desk.Site.RunWithInputAsync(string.Join('\n', numbers), command);
}
