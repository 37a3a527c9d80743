using System.Text;
using Dispatch.System.Tests.Jobs;
using Dispatch.System.Tests.Oracle;
using Dispatch.System.Tests.Oracle.World;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Secrecy;

/// <summary>
/// Plants numbers, names, addresses and letter text that exist nowhere else, lets everything happen to them — a good
/// send, every kind of bad row and file, kill -9, a database that goes away — and then searches every byte the
/// installation left, bar where they belong: the register's tables (the cluster's own files) and the PDFs.
/// </summary>
public sealed class CanaryTests : IAsyncLifetime
{
    const string NameWord = "Sølvmejse";
    const string StreetWord = "Tjørnesangervænget";
    const string LetterWord = "Hortulanværling";
    const string ContactWord = "karmindompap";
    const string Letter =
        "# {{job.title}}\n\nKære {{recipient.name}}\n\n{{text}}: {{amount:money}} den {{day:date}}.\n";
    const int FillingRows = 4_000;

    static readonly LetterField[] Fields =
        [new("text", "text", true), new("amount", "money", true), new("day", "date", true)];
    static readonly string[] Header = ["recipient", "reference", "text", "amount", "day"];

    readonly List<(string Command, byte[] Said)> _said = [];
    readonly MadeUpNumbers _numbers = new();
    readonly List<Person> _people = [];
    readonly Site _site;
    int _folders;

    public CanaryTests()
    {
        var temporary = Path.Combine(TestFolder.Create("canary"), "temporary");
        Directory.CreateDirectory(temporary);
        _site = new("canary")
        {
            // Without the runtime's own pipes in the temporary folder, which cannot be read to an end.
            Variables = new Dictionary<string, string> { ["TMPDIR"] = temporary, ["DOTNET_EnableDiagnostics"] = "0" },
        };
    }

    public Task InitializeAsync()
    {
        _people.Add(Addresses.StreetOnly(Some()) with { Street = $"{StreetWord} 7, 1. th" });
        _people.Add(Addresses.StreetOnly(Some()) with { Street = $"{StreetWord} 9", IsExempt = true });
        _people.Add(Some() with { IsExempt = true });
        _people.Add(Addresses.ContactOnly(Some()) with { Status = "03", Contact = $"{StreetWord} 11|2450 København SV", IsProtected = true });
        _people.Add(Addresses.StreetOnly(Some()) with { Status = "90" });
        _people.Add(Addresses.StreetOnly(Some()) with { Street = string.Join(' ', Enumerable.Repeat(StreetWord, 9)), IsExempt = true });
        _people.Add(Addresses.StreetOnly(Some()) with { Street = $"{StreetWord} 13" }); // what befalls the living
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _site.CloseAsync();

    [Fact]
    public async Task Everything_AfterAllThatCanHappen_HoldsNoCanary()
    {
        await ImportAsync();
        await SendAsync();
        await LiveAsync();
        await RefuseFilesAsync();
        await InterruptAsync();
        await LookAsync();
        await _site.StopAsync();

        Canary[] canaries =
        [
            Canary.Word(NameWord), Canary.Word(StreetWord), Canary.Word(LetterWord), Canary.Word(ContactWord),
            .. _people.Select(person => Canary.Number(person.Cpr)),
        ];
        var places = Places().ToList();
        Assert.Contains(places, place => place.Where.Contains("server-", StringComparison.Ordinal));   // the server's own log
        Assert.Contains(places, place => place.Where.EndsWith(".manifest.csv", StringComparison.Ordinal));
        Assert.Contains(places, place => place.Where.Contains("spool", StringComparison.Ordinal));
        var found = from place in places
                    from canary in canaries
                    where canary.IsIn(place.Bytes)
                    select $"{place.Where} holds {canary.Name}";
        Assert.Equal([], found);

        // Letters are sealed before the server has them: not even its tables and its write-ahead log hold their text.
        var letter = Canary.Word(LetterWord).InMemory();
        var kept = Directory.GetFiles(Path.Combine(_site.Data, "postgres"), "*", SearchOption.AllDirectories);
        Assert.Contains(kept, file => file.Contains("/pg_wal/0", StringComparison.Ordinal));
        Assert.DoesNotContain(kept, file => letter.IsIn(File.ReadAllBytes(file)));
    }

    async Task ImportAsync()
    {
        var folder = RegisterFolder.Write(NewFolder(), CanaryFiles.RegisterOf(_people));
        await RunAsync("register", "import", folder);
        var people = await File.ReadAllTextAsync(Path.Combine(folder, "people.csv"));
        foreach (var fault in new[] { people + people.Split('\n')[1], people.Replace(";01;", ";0x1;", StringComparison.Ordinal),
            people.Replace(";none\n", ";none;more\n", StringComparison.Ordinal), people + $"\"{NameWord}" })
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "people.csv"), fault);
            (await RunAsync("register", "import", folder)).Expect(65);
        }
    }

    async Task SendAsync()
    {
        var job = Job("canary-send", [
            .. _people.Select(person => Row(person.Cpr)), Row(_people[0].Cpr), Row(LetterWord),
            Row($"{_people[0].Cpr}9"),
            Row(_people[1].Cpr, amount: LetterWord), Row(_people[1].Cpr, day: LetterWord),
            Row(_people[2].Cpr, text: ""),
            Row(_people[2].Cpr, text: $"{LetterWord}\u0001"), [_people[3].Cpr, "too", "few"],
            Row(_people[1].Cpr, text: $"{LetterWord} 中"),
        ]);
        await RunAsync("plan", job);
        (await RunAsync("run", job, "--json")).Expect(3);
        (await RunAsync("run", job)).Expect(3);
    }

    // Changes of the register, a notice that cannot be sent, a print-out of the mailbox, receipts.
    async Task LiveAsync()
    {
        var person = _people[^1];
        (await RunAsync("register", "import", CanaryFiles.Changes(NewFolder(), person, ContactWord, "email"), "--changes")).Expect(0);
        (await RunAsync("register", "import", CanaryFiles.Changes(NewFolder(), person, ContactWord, NameWord), "--changes")).Expect(65);
        (await RunAsync([
            "notices", "send", .. Set("Notices:Email", "Host=127.0.0.1", "Port=9", "Tls=None", "From=post@example.dk")]))
            .Expect(75);
        Assert.Equal("1", (await _site.QueryAsync("select sum(count) from ops.notifications"))[0][0]);
        Note(await _site.RunWithInputAsync(person.Cpr, [
            "exemption", "grant", "--print-received", .. Set("OwnSender", "Cvr=10000041", "ReturnAddress:0=Postgade 1")]))
            .Expect(0);
        const string Accepted = "select name || ';;accepted;' || pages || ';' || sheets || ';2026-03-09T10:00:00Z' "
            + "from ops.print_batches order by name limit 1";
        var line = (await _site.QueryAsync(Accepted))[0][0]!;
        (await RunAsync("receipts", "import", CanaryFiles.Receipts(NewFolder(), line), "--print-house", "default")).Expect(0);
        var wrong = $"{person.Cpr};{NameWord};posted;{StreetWord};1;2026-03-09T10:00:00Z";
        (await RunAsync("receipts", "import", CanaryFiles.Receipts(NewFolder(), wrong), "--print-house", "default")).Expect(65);
    }

    static IEnumerable<string> Set(string section, params string[] settings) =>
        settings.SelectMany(setting => new[] { "--set", $"{section}:{setting}" });

    async Task RefuseFilesAsync()
    {
        var job = Job("canary-refused", [Row(_people[0].Cpr)]);
        var list = Path.Combine(job, "recipients.csv");
        var text = await File.ReadAllTextAsync(list);
        foreach (var bytes in new[]
        {
            Encoding.Latin1.GetBytes(text), Encoding.UTF8.GetBytes($"{text}\"{LetterWord}"),
            Encoding.UTF8.GetBytes(text.Replace("day", "text", StringComparison.Ordinal)),
        })
        {
            await File.WriteAllBytesAsync(list, bytes);
            (await RunAsync("run", job)).Expect(65);
        }

        await File.WriteAllTextAsync(list, text);
        await File.WriteAllTextAsync(Path.Combine(job, "letter.md"), $"{{{{#if text}}}}\n\n{LetterWord}\n");
        (await RunAsync("run", job)).Expect(65);
        (await RunAsync("run", Path.Combine(job, _people[0].Cpr))).Expect(65);
    }

    // Runs that are killed, and runs whose database goes away; each is seen through afterwards.
    async Task InterruptAsync()
    {
        await InterruptAsync("killed", (running, moment) => running.KillAfterAsync(moment));
        await InterruptAsync("unplugged", async (running, moment) =>
        {
            var ended = running.EndAsync(TimeSpan.FromMinutes(1));
            await Task.WhenAny(ended, Task.Delay(moment));
            await _site.StopAsync();
            return Note(await ended).ErrorCode == "database.unreachable";
        });
    }

    // When a run is at work depends on the machine: later and later moments, each in a job of its own, until one hits.
    async Task InterruptAsync(string name, Func<RunningCommand, TimeSpan, Task<bool>> interrupt)
    {
        var rows = Enumerable.Range(0, FillingRows).Select(i => Row(_people[i % 4].Cpr, reference: $"no-{i}")).ToList();
        var wasHit = false;
        for (var moment = TimeSpan.FromMilliseconds(500); !wasHit && moment < TimeSpan.FromSeconds(10); moment *= 1.4)
        {
            var job = Job($"canary-{name}-{moment.TotalMilliseconds:0}", rows);
            using (var running = await _site.StartAsync("run", job))
            {
                wasHit = await interrupt(running, moment);
            }

            (await RunAsync("run", job)).Expect(0, 3);
        }

        Assert.True(wasHit, $"no run was {name}");
    }

    async Task LookAsync()
    {
        var job = "19552101/canary-send";
        foreach (var row in Enumerable.Range(1, 16))
        {
            await RunAsync("explain", job, "--row", $"{row}", "--json");
        }

        await RunAsync(
            "letter", job, "--row", "1", "--out", Path.Combine(_site.Folder, "letter.pdf"), "--reason", "a call");
        await RunAsync("held", "list", job);
        await RunAsync("held", "release", job, "--row", "3");
        await RunAsync("held", "refuse", job, "--row", "3", "--reason", "no address to be had");
        await RunAsync("cancel", job, "--reason", "sent already");
        await RunAsync("report", job, "--json");
        await RunAsync("status", "--json");
        await RunAsync("explain", _people[0].Cpr, "--row", "1");
        await LookAtPeopleAsync(job);
        await RunAsync("purge");
        (await RunAsync("keys", "rotate")).Expect(0);
        (await RunAsync("audit")).Expect(0);
        await RunAsync("doctor");
    }

    // What they say may be about people and rows; the files they write are the operator's, outside the installation.
    async Task LookAtPeopleAsync(string job)
    {
        string[] why = ["--reason", "a call"];
        var list = Path.Combine(_site.Folder, "recall.csv");
        var person = _people[0].Cpr;
        (await RunAsync(["proof", Job("canary-proof", [Row(person)]), "--rows", "1", "--out", $"{list}.pdf"])).Expect(0);
        (await RunAsync(["recall", job, "--all", "--list", list])).Expect(0);
        Note(await _site.RunWithInputAsync(person, ["mailbox", "list", "--as", "owner", .. why])).Expect(0);
        Note(await _site.RunWithInputAsync(person, ["lookups", .. why])).Expect(0);
        (await RunAsync(["trail", "--from", "2026-01-01", .. why])).Expect(0);
        (await RunAsync(["recall", job, "--rows", "1", .. why])).Expect(0);
    }

    async Task<CommandResult> RunAsync(params string[] arguments) => Note(await _site.RunAsync(arguments));

    CommandResult Note(CommandResult result)
    {
        _said.Add((result.Command, Encoding.UTF8.GetBytes(result.Output + result.Error)));
        return result;
    }

    IEnumerable<(string Where, byte[] Bytes)> Places()
    {
        foreach (var (command, said) in _said)
        {
            yield return ($"what '{command.Split(' ')[1]}' said", said);
        }

        var cluster = Path.Combine(_site.Data, "postgres") + "/";
        var left = Directory.GetFiles(_site.Data, "*", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(_site.Variables["TMPDIR"], "*", SearchOption.AllDirectories))
            .Where(file => !file.EndsWith(".pdf", StringComparison.Ordinal))
            .Where(file => !file.Contains("/receipts/quarantine/", StringComparison.Ordinal)) // as the print house wrote it
            .Where(file => !file.StartsWith(cluster, StringComparison.Ordinal) || file.StartsWith($"{cluster}log/", StringComparison.Ordinal));
        foreach (var file in left)
        {
            yield return (Path.GetRelativePath(_site.Folder, file), File.ReadAllBytes(file));
        }
    }

    Person Some() => new() { Cpr = _numbers.Cpr(AgeEdges.Adult), Name = $"Ida {NameWord}" };

    static string[] Row(
        string recipient, string reference = "", string text = LetterWord, string amount = "1.234,5",
        string day = "2026-03-09") =>
        [recipient, reference, text, amount, day];

    string Job(string reference, IReadOnlyList<string[]> rows) => JobFolder.Write(
        NewFolder(), new JobOrder { Reference = reference, Rules = new() { SenderCvr = "19552101" } },
        new RecipientList(Header, Fields) { Rows = [.. rows] }, Letter);

    string NewFolder() => Path.Combine(_site.Folder, $"folder-{_folders++}");
}
