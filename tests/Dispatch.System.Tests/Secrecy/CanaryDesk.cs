using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Secrecy;

/// <summary>Every command an operator has, about people and letters of <see cref="CanarySite"/>, right and wrong.</summary>
sealed class CanaryDesk(CanarySite canary)
{
    const string Sent = $"{CanarySite.Sender}/canary-send";
    const string Private = "10000009";

    static readonly string[] Why = ["--reason", "a call"];

    // What commands say may be about people and rows; the files they write are the operator's, outside the installation.
    readonly string _out = Path.Combine(canary.Site.Folder, "operator.pdf");
    readonly string _person = canary.People[0].Cpr;

    public async Task DoEverythingAsync()
    {
        await LookAsync();
        await StopAndGoAsync();
        await ServePeopleAsync();
        await LookAtPeopleAsync();
        await KeepAsync();
        await ForgetAsync();
    }

    async Task LookAsync()
    {
        foreach (var row in new[] { "1", "4", "6", "10", "12", "14" })
        {
            (await canary.RunAsync("explain", Sent, "--row", row, "--json")).Expect(0);
        }

        (await canary.RunAsync(["letter", Sent, "--row", "1", "--out", _out, .. Why])).Expect(0);
        (await canary.RunAsync("held", "list", Sent)).Expect(0);
        (await canary.RunAsync("held", "release", Sent, "--row", "3")).Expect(0, 3);
        (await canary.RunAsync(["held", "refuse", Sent, "--row", "3", .. Why])).Expect(0);
        (await canary.RunAsync("report", Sent, "--json")).Expect(3);
        (await canary.RunAsync("status", "--json")).Expect(0);
        (await canary.RunAsync("status", "--workers")).Expect(0);
        (await canary.RunAsync("explain", _person, "--row", "1")).Expect(2);
        var incidents = (await canary.RunAsync("incidents", "list", "--all", "--json")).Expect(0).Json;
        (await canary.RunAsync(["incidents", "close", incidents[0].GetProperty("id").GetString()!, .. Why])).Expect(0);
    }

    // What operators do with a job before and while it is sent.
    async Task StopAndGoAsync()
    {
        var order = CanarySite.Order("canary-later") with { NotBefore = new(2126, 3, 9, 6, 0, 0, TimeSpan.Zero) };
        (await canary.RunAsync("submit", canary.Job(order, [canary.Row(0), canary.Row(1)]))).Expect(0);
        (await canary.RunAsync(["rate", order.Key, "--per-hour", "10", .. Why])).Expect(0);
        (await canary.RunAsync(["pause", order.Key, .. Why])).Expect(0);
        (await canary.RunAsync("status", order.Key)).Expect(0);
        (await canary.RunAsync("resume", order.Key)).Expect(0);
        (await canary.RunAsync(["cancel", order.Key, .. Why])).Expect(0);
        (await canary.RunAsync(["cancel", Sent, .. Why])).Expect(2);
        (await canary.RunAsync("sender", "add", Private, "Prøve A/S", "--kind", "private", "--ground", "samtykke")).Expect(0);
        (await canary.RunAsync("sender", "list")).Expect(0);
        (await canary.RunAsync("sender", "close", Private)).Expect(0);
    }

    async Task ServePeopleAsync()
    {
        var two = $"{canary.People[1].Cpr}\n{_person}\n";
        await AskAsync(two, "read-access", "grant", "--by", "self", "--notify", "email");
        await AskAsync(_person, "read-access", "list");
        await AskAsync(_person, "registration", "add", "--sender", Private);
        await AskAsync(_person, "registration", "list");
        await AskAsync(_person, "registration", "end", "--sender", Private);
        await AskAsync(two, "read-access", "end");
        await AskAsync(canary.People[^1].Cpr, "exemption", "lift");
        await AskAsync(_person, "notices", "language", "--to", "en");
        foreach (var verb in new[] { "suppress", "allow" })
        {
            await AskAsync($"{CanarySite.ContactWord}@example.dk", ["notices", verb, .. Why]);
        }

        (await canary.RunWithInputAsync(CanarySite.NameWord, "registration", "list")).Expect(2);
        (await canary.RunWithInputAsync($"{_person}9", "exemption", "grant")).Expect(2);
        (await canary.RunAsync(["register", "apply", .. CanaryWorker.OwnSender])).Expect(0);
    }

    async Task LookAtPeopleAsync()
    {
        (await canary.RunAsync("proof", canary.Job("canary-proof", [canary.Row(0)]), "--rows", "1", "--out", _out)).Expect(0);
        (await canary.RunAsync("recall", Sent, "--all", "--list", $"{_out}.csv")).Expect(0);
        await AskAsync(_person, ["mailbox", "list", "--as", "owner", .. Why]);
        await AskAsync(_person, ["mailbox", "read", "--as", "owner", "--job", Sent, "--row", "1", "--out", _out, .. Why]);
        await AskAsync(_person, ["lookups", .. Why]);
        (await canary.RunAsync(["trail", "--from", "2026-01-01", .. Why])).Expect(0);
        (await canary.RunAsync(["recall", Sent, "--rows", "1", .. Why])).Expect(0);
    }

    async Task KeepAsync()
    {
        (await canary.RunAsync("purge", "--dry-run")).Expect(0);
        (await canary.RunAsync("purge")).Expect(0);
        (await canary.RunAsync("keys", "rotate")).Expect(0);
        (await canary.RunAsync("audit")).Expect(0);
        (await canary.RunAsync("migrate", "--print-roles")).Expect(0);
        (await canary.RunAsync("demo", "--people", "100")).ExpectError(2, "demo.register");
        Assert.Contains("holds no values of rows", (await canary.RunAsync("doctor")).Output, StringComparison.Ordinal);
    }

    async Task ForgetAsync()
    {
        const string Job = $"{CanarySite.Sender}/{CanaryWorker.Job}";
        var asked = (await canary.RunAsync("keys", "forget", Job, "--json")).Expect(0).Json;
        (await canary.RunAsync("keys", "forget", Job, "--confirm", "no such token")).Expect(2);
        (await canary.RunAsync("keys", "forget", Job, "--confirm", asked.GetProperty("token").GetString()!)).Expect(0);
        (await canary.RunAsync(["letter", Job, "--row", "1", "--out", $"{_out}.none", .. Why])).ExpectError(2, "key.forgotten");
        (await canary.RunAsync("audit")).Expect(0);
    }

    async Task<CommandResult> AskAsync(string input, params string[] command) =>
        (await canary.RunWithInputAsync(input, command)).Expect(0);
}
