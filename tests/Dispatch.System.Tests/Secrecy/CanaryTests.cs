using System.Text;
using Dispatch.System.Tests.Jobs;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Secrecy;

/// <summary>
/// Plants numbers, names, addresses and letter text that exist nowhere else, lets everything happen to them — a good
/// send, every kind of bad row and file, kill -9, a database that goes away, a worker, every command — and then searches
/// every byte the installation left and said, bar where they belong: the register and the PDFs.
/// </summary>
public sealed class CanaryTests : IAsyncLifetime
{
    const int FillingRows = 4_000;

    readonly CanarySite _canary = new();

    Site Site => _canary.Site;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Site.CloseAsync();

    [Fact]
    public async Task Everything_AfterAllThatCanHappen_HoldsNoCanary()
    {
        var register = RegisterFolder.Write(_canary.NewFolder(), CanaryFiles.RegisterOf(_canary.People));
        (await _canary.RunAsync("register", "import", register)).Expect(0);
        await SendAsync();
        await TellAsync();
        await InterruptAsync();
        await using (var worker = new CanaryWorker(_canary))
        {
            // From here on commands need start no server of their own.
            await worker.StartAsync();
            await RefuseRegistersAsync(register);
            await RefuseListsAsync();
            await LiveAsync();
            await worker.ServeAsync();
            await new CanaryDesk(_canary).DoEverythingAsync();
            await worker.StopAsync();
        }

        await LoseKeyAsync();
        await Site.StopAsync();
        var places = _canary.Places().ToList();
        foreach (var expected in new[] { "server-", ".manifest.csv", "spool", "logs", "the dump", "accepted/", "metrics" })
        {
            Assert.Contains(places, place => place.Where.Contains(expected, StringComparison.Ordinal));
        }

        var found = from place in places
                    from canary in _canary.Canaries
                    where canary.IsIn(place.Bytes)
                    select $"{place.Where} holds {canary.Name}";
        Assert.True(!found.Any(), string.Join('\n', found.Distinct()));

        // Letters are sealed before the server has them: not even its tables and its write-ahead log hold their text.
        var letter = Canary.Word(CanarySite.LetterWord).InMemory();
        var kept = Directory.GetFiles(Path.Combine(Site.Data, "postgres"), "*", SearchOption.AllDirectories);
        Assert.Contains(kept, file => file.Contains("/pg_wal/0", StringComparison.Ordinal));
        Assert.DoesNotContain(kept, file => letter.IsIn(File.ReadAllBytes(file)));
    }

    async Task RefuseRegistersAsync(string folder)
    {
        var file = Path.Combine(folder, "people.csv");
        var people = await File.ReadAllTextAsync(file);
        foreach (var fault in new[] { people + people.Split('\n')[1], people.Replace(";01;", ";0x1;", StringComparison.Ordinal),
            people.Replace(";none\n", ";none;more\n", StringComparison.Ordinal), people + $"\"{CanarySite.NameWord}" })
        {
            await File.WriteAllTextAsync(file, fault);
            (await _canary.RunAsync("register", "import", folder)).Expect(65);
        }
    }

    async Task SendAsync()
    {
        const string Text = CanarySite.LetterWord;
        var job = _canary.Job("canary-send", [
            .. _canary.People.Select(person => CanarySite.Row(person.Cpr)), _canary.Row(0), CanarySite.Row(Text),
            CanarySite.Row($"{_canary.People[0].Cpr}9"),
            _canary.Row(1, amount: Text), _canary.Row(1, day: Text),
            _canary.Row(2, text: ""),
            _canary.Row(2, text: $"{Text}\u0001"), [_canary.People[3].Cpr, "too", "few"],
            _canary.Row(1, text: $"{Text} 中"),
        ]);
        await _canary.RunAsync("plan", job);
        (await _canary.RunAsync("run", job, "--json")).Expect(3);
        (await _canary.RunAsync("run", job)).Expect(3);
    }

    // A contact comes, and a notice that cannot be sent to it.
    async Task TellAsync()
    {
        string[] import = ["register", "import", "--changes"];
        foreach (var (notify, exit) in new[] { ("email", 0), (CanarySite.NameWord, 65) })
        {
            var changes = CanaryFiles.Changes(_canary.NewFolder(), _canary.People[^1], CanarySite.ContactWord, notify);
            (await _canary.RunAsync([.. import, changes])).Expect(exit);
        }

        (await _canary.RunAsync([
            "notices", "send",
            .. CanarySite.Set("Notices:Email", "Host=127.0.0.1", "Port=9", "Tls=None", "From=post@example.dk")])).Expect(75);
        Assert.Equal("1", (await Site.QueryAsync("select sum(count) from ops.notifications"))[0][0]);
    }

    // A print-out of the mailbox, receipts.
    async Task LiveAsync()
    {
        var person = _canary.People[^1];
        (await _canary.RunWithInputAsync(person.Cpr, [
            "exemption", "grant", "--print-received", .. CanaryWorker.OwnSender])).Expect(0);
        const string Accepted = "select name || ';;accepted;' || pages || ';' || sheets || ';2026-03-09T10:00:00Z' "
            + "from ops.print_batches order by name limit 1";
        var line = (await Site.QueryAsync(Accepted))[0][0]!;
        var wrong = $"{person.Cpr};{CanarySite.NameWord};posted;{CanarySite.StreetWord};1;2026-03-09T10:00:00Z";
        foreach (var (text, exit) in new[] { (line, 0), (wrong, 65) })
        {
            var file = CanaryFiles.Receipts(_canary.NewFolder(), text);
            (await _canary.RunAsync(["receipts", "import", file, "--print-house", "default"])).Expect(exit);
        }
    }

    // Without the key nothing goes on and nothing is written that no key closes.
    async Task LoseKeyAsync()
    {
        var key = Path.Combine(Site.Data, "keys", "kek");
        File.Move(key, $"{Site.Folder}/kek");
        (await _canary.RunAsync("run", _canary.Job("canary-no-key", [_canary.Row(0)]))).ExpectError(78, "key.missing");
        Assert.False(File.Exists(key));
    }

    async Task RefuseListsAsync()
    {
        var job = _canary.Job("canary-refused", [_canary.Row(0)]);
        var list = Path.Combine(job, "recipients.csv");
        var text = await File.ReadAllTextAsync(list);
        foreach (var bytes in new[]
        {
            Encoding.Latin1.GetBytes(text), Encoding.UTF8.GetBytes($"{text}\"{CanarySite.LetterWord}"),
            Encoding.UTF8.GetBytes(text.Replace("day", "text", StringComparison.Ordinal)),
        })
        {
            await File.WriteAllBytesAsync(list, bytes);
            (await _canary.RunAsync("run", job)).Expect(65);
        }

        await File.WriteAllTextAsync(list, text);
        await File.WriteAllTextAsync(Path.Combine(job, "letter.md"), $"{{{{#if text}}}}\n\n{CanarySite.LetterWord}\n");
        (await _canary.RunAsync("run", job)).Expect(65);
    }

    // Runs that are killed, and runs whose database goes away; each is seen through afterwards.
    async Task InterruptAsync()
    {
        await InterruptAsync("killed", (running, moment) => running.KillAfterAsync(moment));
        await InterruptAsync("unplugged", async (running, moment) =>
        {
            var ended = running.EndAsync(TimeSpan.FromMinutes(1));
            await Task.WhenAny(ended, Task.Delay(moment));
            await Site.StopAsync();
            return _canary.Note(await ended).ErrorCode == "database.unreachable";
        });
    }

    // When a run is at work depends on the machine: later and later moments, each in a job of its own, until one hits.
    async Task InterruptAsync(string name, Func<RunningCommand, TimeSpan, Task<bool>> interrupt)
    {
        var rows = Enumerable.Range(0, FillingRows).Select(i => _canary.Row(i % 4, reference: $"no-{i}")).ToList();
        var wasHit = false;
        for (var moment = TimeSpan.FromMilliseconds(500); !wasHit && moment < TimeSpan.FromSeconds(10); moment *= 1.4)
        {
            var job = _canary.Job($"canary-{name}-{moment.TotalMilliseconds:0}", rows);
            using (var running = await Site.StartAsync("run", job))
            {
                wasHit = await interrupt(running, moment);
            }

            (await _canary.RunAsync("run", job)).Expect(0, 3);
        }

        Assert.True(wasHit, $"no run was {name}");
    }
}
