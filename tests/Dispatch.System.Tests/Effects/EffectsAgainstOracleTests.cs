using System.Text.Json;
using Dispatch.System.Tests.Jobs;

namespace Dispatch.System.Tests.Effects;

/// <summary>Every row of every job against an oracle that knows the rules and nothing of the program.</summary>
[Collection(WorldCollection.Name)]
public sealed class EffectsAgainstOracleTests(WorldFixture fixture)
{
    public static TheoryData<string> Jobs => [.. WorldJobs.Names];

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task Run_WholeWorld_GivesEachRowTheEffectAndReasonOfTheRules(string job)
    {
        var run = await fixture.RunAsync(job);

        var found = await EffectTable.ReadAsync(fixture.Site, run.Order.Key);

        Assert.True(DanishClock.Today() == fixture.World.Today, "Midnight passed during the run: run the tests again.");
        var differences = EffectTable.Compare(run.Expected, found);
        Assert.True(
            differences.Count == 0,
            $"{differences.Count} differences, first:\n{string.Join('\n', differences.Take(20))}");
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task Plan_WholeWorld_CountsWhatRunThenDid(string job)
    {
        var run = await fixture.RunAsync(job);

        var plan = run.Plan.Expect(0, 3).Json;

        foreach (var effect in new[] { "digital", "paper", "held", "refused" })
        {
            Assert.Equal(run.Count(effect), plan.GetProperty(effect).GetInt32());
        }

        foreach (var unit in new[] { "pieces", "pages", "sheets" })
        {
            var batches = run.Run.Json.GetProperty("batches");
            Assert.Equal(Sum(batches, unit), Sum(plan.GetProperty("classes"), unit));
            Assert.All(plan.GetProperty("classes").EnumerateArray(), paper => Assert.Equal(
                Sum(batches, unit, $"-{paper.GetProperty("class").GetString()}-"), paper.GetProperty(unit).GetInt64()));
        }

        var reasons = run.Expected.GroupBy(v => $"{v.Effect}.{v.Reason}").ToDictionary(g => g.Key, g => g.Count());
        var planned = plan.GetProperty("reasons").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32());
        Assert.Equal(
            reasons.OrderBy(r => r.Key, StringComparer.Ordinal), planned.OrderBy(r => r.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void World_AllJobs_HoldsEveryReasonOfTheRules()
    {
        var reasons = WorldJobs.Names.SelectMany(job => fixture.World.Expect(job)).Select(
            v => v.ToString()).ToHashSet();

        string[] wanted =
        [
            .. "cpr.chars cpr.length cpr.replacement cpr.date cpr.date_future cvr.check field.missing field.format"
                .Split(' ').Select(r => $"refused {r}"),
            .. "field.char row.columns register.unknown register.annulled register.loop register.status duplicate"
                .Split(' ').Select(r => $"refused {r}"),
            .. "recipient.deceased recipient.closed not_registered not_digital render.glyph render.overflow"
                .Split(' ').Select(r => $"refused {r}"),
            .. "recipient.disappeared address.missing address.unsafe".Split(' ').Select(r => $"held {r}"),
            .. "requested under_15 exempt no_fixed_address abroad not_registered".Split(' ').Select(r => $"paper {r}"),
            .. "enrolled voluntary exemption_not_applicable company".Split(' ').Select(r => $"digital {r}"),
        ];
        Assert.Empty(wanted.Except(reasons));
        Assert.Empty(reasons.Except(wanted));
    }

    static long Sum(JsonElement parts, string unit) => parts.EnumerateArray().Sum(p => p.GetProperty(unit).GetInt64());

    static long Sum(JsonElement batches, string unit, string inName) => batches.EnumerateArray()
        .Where(batch => batch.GetProperty("name").GetString()!.Contains(inName, StringComparison.Ordinal))
        .Sum(batch => batch.GetProperty(unit).GetInt64());
}
