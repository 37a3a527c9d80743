using System.Globalization;
using Dispatch.System.Tests.Running;
using Xunit.Abstractions;

namespace Dispatch.System.Tests.Desk;

/// <summary>kill -9 while notices are sent and print-outs are made: nobody is left out, and letters go out
/// once.</summary>
[Trait("Length", "long")]
public sealed class OwnLetterKillTests(DeskFixture desk, ITestOutputHelper log) : IClassFixture<DeskFixture>
{
    const int People = 60;
    const int Kills = 4;

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    static readonly string[] Sender =
        ["--set", "OwnSender:Cvr=10000041", "--set", "OwnSender:ReturnAddress:0=Postgade 1"];

    [Fact]
    public async Task NoticesSend_KilledAgainAndAgain_TellsEverybodyAndRepeatsOnlyUnderTheSameKey()
    {
        var people = desk.Enrolled.Take(People).Select(person => person.Cpr).ToList();
        await GivePhonesAsync(people);
        var job = desk.Job(people);
        (await job.RunAsync()).Expect(0);
        using var gateway = new SmsListener();
        string[] send =
        [
            "notices", "send", "--set", $"Notices:Sms:Url={gateway.Url}", "--set", "Notices:Sms:Hours=00:00-00:00",
            "--set", "Notices:Sms:Connections=1", "--set", "Notices:Sms:PerSecond=50",
        ];

        // What a killed one had sent of its batch and not said so is told again, and no more than that.
        var (mayRepeat, hits) = (0, 0);
        for (var kill = 1; kill <= Kills; kill++)
        {
            var before = gateway.Received.Count;
            using var running = await desk.Site.StartAsync(send);
            await Until.TrueAsync(
                "a few SMS", Limit,
                () => Task.FromResult(running.HasEnded || gateway.Received.Count >= before + kill));
            var wasKilled = await running.KillAfterAsync(TimeSpan.Zero);
            log.WriteLine($"killed: {wasKilled} after {gateway.Received.Count - before}");
            hits += wasKilled ? 1 : 0;
            mayRepeat += gateway.Received.Count - before;
            await desk.Site.QueryAsAsync("postgres", "update dispatch.notices set due_at = now() where state = 1");
        }

        Assert.True(hits > 0, "no kill hit a send");
        (await desk.Site.RunAsync(send)).Expect(0);

        var keys = gateway.Received.GroupBy(sms => sms.To).Select(
            one => Assert.Single(one.Select(sms => sms.Key).Distinct()));
        Assert.Equal(People, keys.Distinct().Count());
        Assert.InRange(gateway.Received.Count, People, People + mayRepeat);
        Assert.Equal(
            ["sent", $"{People}"],
            Assert.Single(await desk.Site.QueryAsync(
                "select state, count::text from ops.notifications where job_id = $1",
                await desk.Site.JobIdAsync(job.Key))).Select(value => $"{value}"));
        (await desk.Site.RunAsync("audit", job.Key)).Expect(0);
    }

    [Fact]
    public async Task Grant_KilledAgainAndAgain_PrintsEachLetterOnce()
    {
        var (person, seed) = (desk.Enrolled[People].Cpr, Environment.TickCount & 0xFFFF);
        log.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var i = 0; i < 3; i++)
        {
            (await desk.Job([person]).RunAsync()).Expect(0);
        }

        string[] grant = ["exemption", "grant", person, "--print-received", .. Sender];
        var hits = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            using var running = await desk.Site.StartAsync(grant);
            if (kill == 0)
            {
                await Until.TrueAsync("letters that are owed", Limit, async () => running.HasEnded || (
                    await desk.Site.QueryAsAsync("postgres", "select count(*) from register.print_outs"))[0][0] != "0");
            }

            var wasKilled = await running.KillAfterAsync(
                kill == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(random.Next(300, 2_000)));
            log.WriteLine($"killed: {wasKilled}");
            hits += wasKilled ? 1 : 0;
        }

        Assert.True(hits > 0, "no kill hit a grant");

        (await desk.Site.RunAsync(grant)).Expect(0);

        Assert.Equal(
            ["print-out 1", "print-out-letters 1", "print-out-letters 1", "print-out-letters 1"],
            (await desk.Site.QueryAsAsync(
                "postgres",
                "select w.kind || ' ' || count(p.row_no) from register.own_jobs w "
                + "join dispatch.jobs j on j.job_id = w.job_id and j.state = 'completed' "
                + "left join dispatch.pieces p on p.job_id = w.job_id where w.kind like 'print-out%' "
                + "group by w.reference, w.kind order by w.kind, w.reference")).Select(row => row[0]));
        Assert.Equal(4, Directory.GetFiles(desk.Site.Outbox, "*-print-out-*.pdf", SearchOption.AllDirectories).Length);
        (await desk.Site.RunAsync("audit")).Expect(0);
    }

    async Task GivePhonesAsync(List<string> people)
    {
        var folder = Directory.CreateDirectory(Path.Combine(desk.Site.Folder, "phones")).FullName;
        var lines = people.Select((cpr, at) => string.Create(
            CultureInfo.InvariantCulture,
            $"put;2026-01-02;{cpr};01;;;;Prøve Ejer;;Prøvevej 1;;8000;Aarhus C;;;;;;;;{20000200 + at};sms\n"));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "people.csv"), NoticesTests.PeopleHeader + string.Concat(lines));
        (await desk.Site.RunAsync("register", "import", "--changes", folder)).Expect(0);
    }
}
