using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Desk;

/// <summary>Notices as people get them, from the command line to a gateway.</summary>
[Collection(DeskCollection.Name)]
public sealed class NoticesTests(DeskFixture desk)
{
    internal const string PeopleHeader =
        "op;effective_at;cpr;status;status_date;current_cpr;birth_date;name;co;street;place;postcode;city;country;"
        + "contact;protected;exempt;voluntary;guardian;email;phone;notify\n";

    [Fact]
    public async Task Send_OwnerAndReaderWantSms_TellsEachOnceFromWhomAndNothingElse()
    {
        var (owner, reader) = (desk.Enrolled[115].Cpr, desk.Enrolled[116].Cpr);
        var folder = Directory.CreateDirectory(Path.Combine(desk.Site.Folder, "contacts")).FullName;
        File.WriteAllText(
            Path.Combine(folder, "people.csv"),
            $"{PeopleHeader}put;2026-01-02;{owner};01;;;;Prøve Ejer;;Prøvevej 1;;8000;Aarhus C;;;;;;;;20000110;sms\n"
            + $"put;2026-01-02;{reader};01;;;;Prøve Læser;;Prøvevej 2;;8000;Aarhus C;;;;;;;;20000111;none\n");
        (await desk.Site.RunAsync("register", "import", "--changes", folder)).Expect(0);
        (await AskAsync([owner, reader], "read-access", "grant", "--by", "self", "--notify", "sms")).Expect(0);
        (await AskAsync([reader], "notices", "language", "--to", "en")).Expect(0);
        var job = desk.Job([owner, reader]);
        (await job.RunAsync()).Expect(0);

        using var gateway = new SmsListener();
        string[] send =
            ["notices", "send", "--set", $"Notices:Sms:Url={gateway.Url}", "--set", "Notices:Sms:Hours=00:00-00:00"];
        (await desk.Site.RunAsync(send)).Expect(0);
        (await desk.Site.RunAsync(send)).Expect(0);

        const string Sender = "Prøvestyrelsen";
        Assert.Equal(
            [
                $"+4520000110 Du har fået ny digital post fra {Sender}. "
                + "Om og hvordan du får besked, ændrer du på borger.dk.",
                $"+4520000111 There is new digital post from {Sender} in a mailbox you have read access to. "
                + "You change whether and how you are told on borger.dk.",
            ],
            gateway.Received.Select(sms => $"{sms.To} {sms.Text}").Order(StringComparer.Ordinal));
        Assert.Equal(
            ["sms", "sent", "2"],
            Assert.Single(await desk.Site.QueryAsync(
                "select channel, n.state, count::text from ops.notifications n join ops.jobs using (job_id) "
                + $"where reference = '{job.Order.Reference}'")).Select(value => $"{value}"));

        (await AskAsync(["+45 20 00 01 10"], "notices", "suppress", "--reason", "asked for")).Expect(0);
        (await AskAsync(["nobody"], "notices", "suppress", "--reason", "asked for")).ExpectError(2, "contact.invalid");
        var next = desk.Job([owner]);
        (await next.RunAsync()).Expect(0);
        (await desk.Site.RunAsync(send)).Expect(0);
        Assert.Equal(3, gateway.Received.Count);
        (await desk.Site.RunAsync("notices", "send", "--set", "Notices:Sms:Url=http://sms.example/"))
            .ExpectError(78, "notices.settings");
    }

    Task<CommandResult> AskAsync(string[] lines, params string[] command) =>
        desk.Site.RunWithInputAsync(string.Join('\n', lines), command);
}
