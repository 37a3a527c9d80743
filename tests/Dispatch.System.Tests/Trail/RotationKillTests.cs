using System.Globalization;
using Dispatch.System.Tests.Desk;
using Dispatch.System.Tests.Jobs;
using Dispatch.System.Tests.Oracle;
using Dispatch.System.Tests.Oracle.World;
using Dispatch.System.Tests.Running;
using Npgsql;
using Xunit.Abstractions;

namespace Dispatch.System.Tests.Trail;

/// <summary>kill -9 of a rotation at random moments: letters can be read all the while, and the next one finishes
/// it.</summary>
[Trait("Length", "long")]
public sealed class RotationKillTests(ITestOutputHelper log)
{
    const int Jobs = 4_000;
    const int Kills = 2;

    [Fact]
    public async Task Rotate_KilledAtRandomMoments_GoesOnWhereItStopped()
    {
        var seed = Environment.TickCount & 0xFFFF;
        log.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var site = new Site("rotation");
        var job = await SendAsync(site);
        await ReadAsync(site, job);
        for (var i = 0; i < Kills; i++)
        {
            using var rotation = await site.StartAsync("keys", "rotate");
            var wasKilled = await rotation.KillAfterAsync(TimeSpan.FromMilliseconds(random.Next(200, 2_500)));
            log.WriteLine($"killed: {wasKilled}; {string.Join(", ", await KeysAsync(site))}");
            await ReadAsync(site, job);
        }

        (await site.RunAsync("keys", "rotate")).Expect(0);
        var folder = Path.Combine(site.Data, "keys");
        foreach (var old in Directory.GetFiles(folder).Where(f => Path.GetFileName(f) != "kek"))
        {
            File.Delete(old);
        }

        Assert.Single(await KeysAsync(site));
        await ReadAsync(site, job);
        (await site.RunAsync("audit", job.Key)).Expect(0);
        await site.CloseAsync();
    }

    static async Task ReadAsync(Site site, DeskJob job)
    {
        var file = Path.Combine(site.Folder, "read.pdf");
        (await site.RunAsync("letter", job.Key, "--row", "1", "--out", file, "--reason", "test")).Expect(0);
    }

    static async Task<List<string>> KeysAsync(Site site) => [.. (await site.QueryAsAsync(
        "dispatch", "select key_id, count(*) from dispatch.jobs group by key_id order by key_id")).Select(r => string.Join(' ', r))];

    // A send that is real, and a great many jobs beside it whose data key is the same.
    static async Task<DeskJob> SendAsync(Site site)
    {
        var person = Addresses.StreetOnly(
            new Person { Cpr = new MadeUpNumbers().Cpr(AgeEdges.Adult), Name = "Prøve Prøvesen" });
        var register = new Register();
        register.Add(person);
        (await site.RunAsync("register", "import", RegisterFolder.Write(Path.Combine(site.Folder, "register"), register))).Expect(0);
        var job = DeskJob.Write(site, new JobOrder { Reference = "rotation" }, [person.Cpr], DeskJob.Letter);
        (await job.RunAsync()).Expect(0);
        await using var connection = await site.OpenAsync("dispatch");
        await using var copy = new NpgsqlCommand(string.Create(CultureInfo.InvariantCulture, $"""
            insert into dispatch.jobs (sender_cvr, reference, content_sha256, sender_name, title, order_json, template_id, state,
                rows, columns, list_sha256, list_bytes, list_file, data_key, key_id, segment)
            select sender_cvr, 'copy-' || n, content_sha256, sender_name, title, order_json, template_id, 'refused', rows, columns,
                list_sha256, list_bytes, 'copy-' || n, data_key, key_id, 0
            from dispatch.jobs, generate_series(1, {Jobs}) n
            """), connection);
        await copy.ExecuteNonQueryAsync();
        return job;
    }
}
