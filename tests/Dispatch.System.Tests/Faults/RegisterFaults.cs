using Dispatch.System.Tests.Effects;
using Dispatch.System.Tests.Jobs;
using Dispatch.System.Tests.Oracle;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Faults;

/// <summary>F100: people die, move and are exempted in the middle of a job. What is decided stays as it was; the rest
/// is decided by what is known then. The world's list has everybody several times: on both sides.</summary>
static class RegisterFaults
{
    const int People = 60;

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("F100", "people die, move abroad and are exempted between the planning and their rows' turn", StrikeAsync),
    ];

    static async Task<string> StrikeAsync(FaultRun run)
    {
        await run.SomewhereAsync(0.1, 0.4);
        (await run.Site.RunAsync("pause", run.Key, "--reason", "test")).Expect(0);
        await Until.TrueAsync("an end of what was in hand", FaultRun.EndLimit, async () => await run.CountAsync(
            "select count(*) from dispatch.shards where lease_until > clock_timestamp()", "dispatch_worker") == 0);
        var before = (await EffectTable.ReadAsync(run.Site, run.Key)).ToDictionary(row => row.Row, row => row.Verdict);

        var changed = Change(run);
        var folder = RegisterFolder.WriteChanges(Path.Combine(run.Site.Folder, "changes"), "2026-01-02", changed);
        var imported = (await run.Site.RunAsync("register", "import", "--changes", folder, "--json")).Expect(0).Json;
        Assert.Equal(changed.Count, imported.GetProperty("applied").GetInt32());

        var anew = run.World.ExpectAfter(changed);
        var old = run.Expected;
        run.Expected = [.. old.Select((verdict, i) => before.ContainsKey(i + 1) ? verdict : anew[i])];
        (await run.Site.RunAsync("resume", run.Key)).Expect(0);
        Assert.True(await run.DrainAsync());
        var after = (await EffectTable.ReadAsync(run.Site, run.Key)).ToLookup(row => row.Row, row => row.Verdict);
        Assert.All(before, row => Assert.Equal([row.Value], after[row.Key]));
        var differently = Enumerable.Range(0, run.Rows).Count(i => run.Expected[i] != old[i]);
        var kept = Enumerable.Range(0, run.Rows).Count(i => before.ContainsKey(i + 1) && anew[i] != old[i]);
        Assert.True(differently > 0 && kept > 0, $"{differently} rows decided otherwise, {kept} kept");
        return $"{changed.Count} people; {differently} rows by the new register, {kept} decided before and kept";
    }

    // Of those who get digital post under their own number.
    static List<Person> Change(FaultRun run)
    {
        var digital = Enumerable.Range(0, run.Rows).Where(i => run.Expected[i].Effect == "digital")
            .Select(i => run.World.List.Value(run.World.List.Rows[i], "recipient"))
            .Where(run.World.Register.People.ContainsKey).Select(cpr => run.World.Register.People[cpr])
            .Where(person => person.Status == "01").Distinct().ToArray();
        run.Random.Shuffle(digital);
        return [.. digital.Take(People).Select((person, i) => (i % 3) switch
        {
            0 => person with { IsExempt = true },
            1 => person with { Status = "90" },
            _ => person with { Status = "80", Street = "", Postcode = "", City = "", Contact = "Rue 1|1000 Bruxelles" },
        })];
    }
}
