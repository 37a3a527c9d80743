using System.Text.Json;
using Dispatch.System.Tests.Effects;
using Dispatch.System.Tests.Jobs;

namespace Dispatch.System.Tests.Desk;

/// <summary>What a job waits for, and who can make it go on.</summary>
[Collection(DeskCollection.Name)]
public sealed class JobStatesTests(DeskFixture desk)
{
    static readonly TimeSpan SoonEnough = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task Run_EveryRowDelivered_EndsWithZero()
    {
        var job = desk.Job([desk.Enrolled[0].Cpr, desk.Exempt.Cpr]);

        var run = (await job.RunAsync()).Expect(0);

        Assert.Equal("completed", run.Json.GetProperty("job").GetProperty("state").GetString());
        Assert.Equal("1 digital enrolled, 2 paper exempt", await job.EffectsAsync());
        Assert.Single(job.Batches());
    }

    [Fact]
    public async Task Run_SomeRowsRefused_EndsWithThree()
    {
        var job = desk.Job([desk.Enrolled[0].Cpr, "12345"]);

        (await job.RunAsync()).Expect(3);

        Assert.Equal("1 digital enrolled, 2 refused cpr.length", await job.EffectsAsync());
        Assert.Equal("completed", await job.StateAsync());
    }

    [Fact]
    public async Task Run_SameReferenceOtherBytes_IsRefusedAndChangesNothing()
    {
        var job = desk.Job([desk.Enrolled[0].Cpr]);
        (await job.RunAsync()).Expect(0);
        await File.AppendAllTextAsync(Path.Combine(job.Folder, "letter.md"), "\nEn linje til.\n");

        (await job.RunAsync()).ExpectError(65, "job.reference_reused");

        Assert.Equal("1 digital enrolled", await job.EffectsAsync());
    }

    [Fact]
    public async Task Submit_ThenRun_IsOneJob()
    {
        var job = desk.Job([desk.Enrolled[0].Cpr]);

        var submitted = (await desk.Site.RunAsync("submit", job.Folder)).Expect(0);

        Assert.Contains($"{await desk.Site.JobIdAsync(job.Key)}", submitted.Output, StringComparison.Ordinal);
        Assert.Equal(0, await job.EffectCountAsync());
        (await desk.Site.RunAsync("submit", job.Folder)).Expect(0);
        (await job.RunAsync()).Expect(0);
        Assert.Equal("1 digital enrolled", await job.EffectsAsync());
    }

    [Fact]
    public async Task Run_NotBeforeTomorrow_WaitsWithNothingVisible()
    {
        var job = desk.Job(
            [desk.Enrolled[0].Cpr, desk.Exempt.Cpr], o => o with { NotBefore = DanishClock.Now().AddDays(1) });

        (await job.RunAsync()).Expect(75);
        (await job.RunAsync()).Expect(75);

        Assert.Equal("waiting", await job.StateAsync());
        Assert.Empty(job.Batches());
    }

    [Fact]
    public async Task Run_NotBeforeReached_IsSeenThroughAndAvailableNoEarlier()
    {
        var notBefore = DanishClock.Now() + SoonEnough;
        var job = desk.Job([desk.Enrolled[0].Cpr, desk.Exempt.Cpr], o => o with { NotBefore = notBefore });

        var run = await job.RunAsync();
        while (run.ExitCode == 75 && DanishClock.Now() < notBefore + SoonEnough)
        {
            Assert.Empty(job.Batches());
            run = await job.RunAsync();
        }

        run.Expect(0);
        Assert.Equal("1 digital enrolled, 2 paper exempt", await job.EffectsAsync());
        Assert.True(DanishClock.Now() >= notBefore.AddSeconds(-1));
        Assert.Single(job.Batches());
    }

    [Fact]
    public async Task Run_TooManyRowsRefused_IsHeldUntilAnOperatorAccepts()
    {
        var recipients = desk.Enrolled.Take(94).Select(p => p.Cpr).Concat(Enumerable.Repeat("12345", 6));
        var job = desk.Job(recipients);

        (await job.RunAsync()).Expect(3);
        (await job.RunAsync()).Expect(3);
        Assert.Equal("held", await job.StateAsync());
        Assert.Equal(0, await job.EffectCountAsync());
        (await desk.Site.RunAsync("report", job.Key)).Expect(3);

        (await desk.Site.RunAsync("resume", job.Key, "--accept-refused")).Expect(0, 3, 75);
        (await desk.Site.RunAsync("resume", job.Key, "--accept-refused")).Expect(0, 3, 75);
        (await job.RunAsync()).Expect(3);
        Assert.Equal("completed", await job.StateAsync());
        Assert.Equal(100, await job.EffectCountAsync());
    }

    [Theory]
    [InlineData(95, 5)]
    [InlineData(49, 50)]
    public async Task Run_RefusedRowsWithinTheShareOrFewRows_IsNotHeld(int good, int bad)
    {
        var job = desk.Job(desk.Enrolled.Take(good).Select(p => p.Cpr).Concat(Enumerable.Repeat("12345", bad)));

        (await job.RunAsync()).Expect(3);

        Assert.Equal("completed", await job.StateAsync());
        Assert.Equal(good + bad, await job.EffectCountAsync());
    }

    [Fact]
    public async Task Cancel_HeldJob_EndsItForGood()
    {
        var job = desk.Job(desk.Enrolled.Take(90).Select(p => p.Cpr).Concat(Enumerable.Repeat("12345", 10)));
        (await job.RunAsync()).Expect(3);

        (await desk.Site.RunAsync("cancel", job.Key, "--reason", "wrong list")).Expect(0, 3);
        (await desk.Site.RunAsync("cancel", job.Key, "--reason", "wrong list")).Expect(0, 3);

        (await job.RunAsync()).Expect(3);
        Assert.Equal("cancelled", await job.StateAsync());
        var effects = await EffectTable.ReadAsync(desk.Site, job.Key);
        Assert.Equal(100, effects.Count);
        Assert.All(effects, e => Assert.Equal("refused", e.Verdict.Effect));
        Assert.Empty(job.Batches());
        (await desk.Site.RunAsync("audit", job.Key)).Expect(0);
        var explanation = (await desk.Site.RunAsync("explain", job.Key, "--row", "1")).Expect(0);
        Assert.DoesNotContain("of set", explanation.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ApprovalRequired_WaitsForIt()
    {
        var job = desk.Job([desk.Enrolled[0].Cpr], o => o with { Approval = "required" });

        (await job.RunAsync()).Expect(75);
        Assert.Equal("awaiting_approval", await job.StateAsync());
        Assert.Equal(0, await job.EffectCountAsync());
        (await desk.Site.RunAsync("report", job.Key)).Expect(75);
    }

    [Fact]
    public async Task Report_FolderRemoved_IsWrittenAgainAsItWas()
    {
        var job = desk.Job([desk.Enrolled[0].Cpr, "12345"]);
        var run = (await job.RunAsync()).Expect(3);
        var folder = await desk.Site.ReportsAsync(job.Key);
        Directory.Delete(folder, recursive: true);

        var again = (await desk.Site.RunAsync("report", job.Key, "--json")).Expect(0, 3);

        Assert.True(JsonElement.DeepEquals(run.Json, again.Json));
        Assert.True(JsonElement.DeepEquals(run.Json, await desk.Site.ReportAsync(job.Key)));
        Assert.Equal(
            ["held.csv", "refused.csv", "report.html", "report.json"],
            Directory.GetFiles(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
    }
}
