using System.Text;
using Dispatch.System.Tests.Cluster;
using Dispatch.System.Tests.Jobs;
using Dispatch.System.Tests.Oracle;
using Dispatch.System.Tests.Oracle.World;
using Dispatch.System.Tests.Running;
using Dispatch.System.Tests.Server;
using Xunit.Abstractions;

namespace Dispatch.System.Tests.Secrecy;

/// <summary>A worker that has sent a job and is idle: what of the letters is still in its memory.</summary>
[Collection(ServerCollection.Name)]
[Trait("Length", "long")]
public sealed class MemoryTests(ServerFixture fixture, ITestOutputHelper log)
{
    const string NameWord = "Rødstjert";
    const string StreetWord = "Kvædehaven";
    const string LetterWord = "Gulspurvesang";
    const string Password = "Tjaldeunge";
    const int Rows = 2_000;

    // docs/security.md names them; before there was any clearing, it was 18,000 and 22,000.
    const int LettersMax = 1_500;
    const int NamesMax = 4_000;

    static readonly string[] AsNobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"];

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    readonly MadeUpNumbers _numbers = new();

    [RootFact]
    public async Task Worker_IdleAfterAJob_HoldsHardlyAnythingOfIt()
    {
        await fixture.Cluster.AdministerAsync("create database memory");
        var cores = TestFolder.Create("cores");
        var site = new Site("memory", $"{fixture.Cluster.ConnectionString("memory", "postgres")};Password={Password}")
        {
            // An ordinary user, and where a core dump would be written and be seen.
            Launcher = ["env", $"--chdir={cores}", "prlimit", "--core=unlimited", .. AsNobody],
            Variables = new Dictionary<string, string> { ["HOME"] = cores },
        };
        (await Command.RunAsync("chown", ["nobody", site.Folder, cores])).Expect(0);
        (await site.RunAsync("migrate")).Expect(0);
        var people = Enumerable.Range(0, Rows).Select(Someone).ToList();
        var register = new Register();
        people.ForEach(register.Add);
        (await site.RunAsync("register", "import", RegisterFolder.Write(Path.Combine(site.Folder, "register"), register))).Expect(0);
        var job = JobFolder.Write(
            Path.Combine(site.Folder, "job"), new JobOrder { Reference = "memory", Rules = new() { SenderCvr = "19552101" } },
            new RecipientList(["recipient", "text"], [new("text", "text", true)])
            {
                Rows = [.. people.Select(person => new[] { person.Cpr, LetterWord })],
            },
            "# {{job.title}}\n\nKære {{recipient.name}}\n\n{{recipient.address}}\n\n{{text}}\n");
        await using var workers = new Workers(site);
        var worker = await workers.StartReadyAsync();
        Canary[] canaries =
        [
            Canary.Word(LetterWord).InMemory(), Canary.Word(NameWord).InMemory(), Canary.Word(StreetWord).InMemory(),
            Canary.Number(people[0].Cpr).InMemory(), Canary.Number(people[^1].Cpr).InMemory(),
        ];

        (await Command.RunAsync("chown", ["-R", "nobody", job])).Expect(0);
        Directory.Move(job, Path.Combine(site.Data, "inbox", "memory"));
        await Until.TrueAsync("the job's end", Limit, async () => await site.QueryAsync("select state from ops.jobs") is [["completed"]]);

        // A worker that may take nothing forgets, too.
        var spool = Path.Combine(site.Data, "spool");
        Directory.Move(spool, $"{spool}.gone");
        await Until.TrueAsync("a closed gate", Limit, async () => (await site.QueryAsAsync(
            "postgres", "select from dispatch.nodes where gate <> ''")).Count == 1);

        // Of 2,000 letters. What is left lies in buffers of database connections and in those of the last chunk.
        await Until.TrueAsync("forgetting", Limit, () =>
        {
            var found = canaries.Select(canary => ProcessMemory.Count(worker.ProcessId, canary)).ToList();
            log.WriteLine(string.Join(' ', found));
            return Task.FromResult(found[0] <= LettersMax && found[1..3].Max() <= NamesMax && found[3..].Max() == 0);
        });
        await NobodyElseSeesAsync(site, worker);
        var dump = await fixture.Cluster.DumpAsync("memory", "--exclude-schema=register");
        Assert.Contains("COPY scheduler.qrtz_locks", dump, StringComparison.Ordinal);
        Assert.DoesNotContain(canaries, canary => canary.IsIn(Encoding.UTF8.GetBytes(dump)));

        // The first one only puts back what the runtime had changed about it, and two at once may come as one.
        await worker.SignalAsync("ABRT");
        await Until.TrueAsync("the worker's end", Limit, async () =>
        {
            await Command.RunAsync("kill", ["-ABRT", $"{worker.ProcessId}"]);
            return worker.HasEnded;
        });
        Assert.Empty(Directory.GetFiles(cores));
        await site.CloseAsync();
    }

    Person Someone(int number)
    {
        var person = new Person { Cpr = _numbers.Cpr(AgeEdges.Adult), Name = $"Ida {NameWord}", IsExempt = number % 10 == 0 };
        return Addresses.StreetOnly(person) with { Street = $"{StreetWord} 7" };
    }

    // The database's password: in the environment of the process, which is closed, and nowhere else.
    static async Task NobodyElseSeesAsync(Site site, RunningCommand worker)
    {
        var look = await Command.RunAsync(
            AsNobody[0], [.. AsNobody[1..], "cat", $"/proc/{worker.ProcessId}/environ"]);
        Assert.True(look.ExitCode != 0, "The environment is open to other processes of the same user.");
        Assert.DoesNotContain(Password, await File.ReadAllTextAsync($"/proc/{worker.ProcessId}/cmdline"), StringComparison.Ordinal);
        var canary = Canary.Word(Password);
        Assert.DoesNotContain(
            Directory.GetFiles(site.Data, "*", SearchOption.AllDirectories), file => canary.IsIn(File.ReadAllBytes(file)));
    }
}
