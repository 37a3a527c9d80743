using Dispatch.System.Tests.Jobs;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Desk;

/// <summary>Somebody leaves the register while letters to them wait.</summary>
[Collection(DeskCollection.Name)]
public sealed class RemovedPersonTests(DeskFixture desk)
{
    /// <summary>A letter that waits for its notBefore is not decided yet: it is refused, and the others go out. One
    /// that was delivered stays in the mailbox, but nobody is told of it any more: not the person, nor their reader.
    /// </summary>
    [Fact]
    public async Task Changes_PersonWithLettersWaitingIsRemoved_RefusesThoseAndKeepsTheDelivered()
    {
        var (gone, stays, reader) = (desk.Enrolled[97].Cpr, desk.Enrolled[98].Cpr, desk.Enrolled[99].Cpr);
        await ChangeAsync(
            "contacts", Put(gone, "20000197"), Put(stays, "20000198"), Put(reader, "20000199"));
        (await AskAsync([gone, reader], "read-access", "grant", "--by", "self", "--notify", "sms")).Expect(0);
        var delivered = desk.Job([gone, stays]);
        (await delivered.RunAsync()).Expect(0);
        var waiting = desk.Job(
            [gone, stays],
            order => order with { NotBefore = DanishClock.Now().AddDays(1), StopAtRefusedShare = 1 });
        (await waiting.RunAsync()).Expect(75);
        var explained = (await desk.Site.RunAsync("explain", waiting.Key, "--row", "1")).Expect(0).Output;
        Assert.EndsWith("row 1\n  not decided yet: the job is waiting\n", explained, StringComparison.Ordinal);

        await ChangeAsync("gone", $"remove;2026-01-03;{gone};;;;;;;;;;;;;;;;;;;\n");
        Assert.Equal(0, await waiting.EffectCountAsync());
        await desk.Site.QueryAsAsync(
            "postgres", "update dispatch.jobs set not_before = clock_timestamp() where job_id = $1",
            await desk.Site.JobIdAsync(waiting.Key));
        (await waiting.RunAsync()).Expect(3);

        Assert.Equal("1 refused register.unknown, 2 digital enrolled", await waiting.EffectsAsync());
        Assert.Equal("1 digital enrolled, 2 digital enrolled", await delivered.EffectsAsync());
        var mailbox = await AskAsync([gone], "mailbox", "list", "--as", "owner", "--reason", "a call", "--json");
        Assert.Single(mailbox.Expect(0).Json.EnumerateArray());
        (await AskAsync([gone, reader], "mailbox", "list", "--as", "-", "--reason", "a call"))
            .ExpectError(2, "mailbox.no_access");
        Assert.Equal(["+4520000198", "+4520000198"], await ToldAsync());
        (await desk.Site.RunAsync("audit", waiting.Key)).Expect(0);
    }

    /// <summary>A held letter is decided again when it is released, with the register of that day.</summary>
    [Fact]
    public async Task Release_HeldLetterOfSomebodyRemoved_IsRefused()
    {
        var gone = desk.Enrolled[96].Cpr;
        await ChangeAsync("homeless", $"put;2026-01-02;{gone};01;;;;Prøve;;;;;;;;;1;;;;;\n");
        var job = desk.Job([gone], order => order with { StopAtRefusedShare = 1 });
        (await job.RunAsync()).Expect(3);
        Assert.Equal("1 held address.missing", await job.EffectsAsync());

        await ChangeAsync("gone-too", $"remove;2026-01-03;{gone};;;;;;;;;;;;;;;;;;;\n");
        (await desk.Site.RunAsync("held", "release", job.Key, "--row", "1")).Expect(0);

        Assert.Equal("1 refused register.unknown", await job.EffectsAsync());
        (await desk.Site.RunAsync("audit", job.Key)).Expect(0);
    }

    static string Put(string person, string phone) =>
        $"put;2026-01-02;{person};01;;;;Prøve;;Prøvevej 1;;8000;Aarhus C;;;;;;;;{phone};sms\n";

    async Task ChangeAsync(string name, params string[] lines)
    {
        var folder = Directory.CreateDirectory(Path.Combine(desk.Site.Folder, $"removed-{name}")).FullName;
        File.WriteAllText(Path.Combine(folder, "people.csv"), NoticesTests.PeopleHeader + string.Concat(lines));
        (await desk.Site.RunAsync("register", "import", "--changes", folder)).Expect(0);
    }

    // Of these people: whoever else of the desk is told meanwhile has another number.
    async Task<IEnumerable<string>> ToldAsync()
    {
        using var gateway = new SmsListener();
        (await desk.Site.RunAsync(
            "notices", "send", "--set", $"Notices:Sms:Url={gateway.Url}",
            "--set", "Notices:Sms:Hours=00:00-00:00")).Expect(0);
        return [.. gateway.Received.Select(sms => sms.To).Where(
            to => to.StartsWith("+452000019", StringComparison.Ordinal))];
    }

    Task<CommandResult> AskAsync(string[] lines, params string[] command) =>
        desk.Site.RunWithInputAsync(string.Join('\n', lines), command);
}
