using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Desk;

/// <summary>Notices as people get them, from the command line to a gateway.</summary>
[Collection(DeskCollection.Name)]
public sealed class NoticesTests(DeskFixture desk)
{
    const string PeopleHeader =
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

        var received = new ConcurrentQueue<string>();
        using var gateway = Listen(received, out var url);
        string[] send =
            ["notices", "send", "--set", $"Notices:Sms:Url={url}", "--set", "Notices:Sms:Hours=00:00-00:00"];
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
            received.Order(StringComparer.Ordinal));
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
        Assert.Equal(3, received.Count);
        (await desk.Site.RunAsync("notices", "send", "--set", "Notices:Sms:Url=http://sms.example/"))
            .ExpectError(78, "notices.settings");
    }

    static HttpListener Listen(ConcurrentQueue<string> received, out string url)
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            url = string.Create(
                CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
        }

        var listener = new HttpListener { Prefixes = { url } };
        listener.Start();
        _ = ServeAsync(listener, received);
        return listener;
    }

    static async Task ServeAsync(HttpListener listener, ConcurrentQueue<string> received)
    {
        while (listener.IsListening)
        {
            try
            {
                var context = await listener.GetContextAsync();
                var sms = (await JsonDocument.ParseAsync(context.Request.InputStream)).RootElement;
                received.Enqueue($"{sms.GetProperty("to").GetString()} {sms.GetProperty("text").GetString()}");
                context.Response.StatusCode = 202;
                context.Response.Close();
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    Task<CommandResult> AskAsync(string[] lines, params string[] command) =>
        desk.Site.RunWithInputAsync(string.Join('\n', lines), command);
}
