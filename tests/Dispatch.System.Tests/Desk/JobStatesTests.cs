using System.Text.Json;
using Dispatch.System.Tests.Effects;
using Dispatch.System.Tests.Faults;
using Dispatch.System.Tests.Jobs;
using Dispatch.System.Tests.Running;

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
        Assert.Equal("held", StateIn((await job.RunAsync()).ExpectError(3, "job.held")));
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

        Assert.Equal("cancelled", StateIn((await job.RunAsync()).ExpectError(3, "job.cancelled")));
        Assert.Equal("cancelled", await job.StateAsync());
        var effects = await EffectTable.ReadAsync(desk.Site, job.Key);
        Assert.Equal(100, effects.Count);
        Assert.All(effects, e => Assert.Equal("refused", e.Verdict.Effect));
        Assert.Empty(job.Batches());
        (await desk.Site.RunAsync("audit", job.Key)).Expect(0);
        var explanation = (await desk.Site.RunAsync("explain", job.Key, "--row", "1")).Expect(0);
        Assert.DoesNotContain("of set", explanation.Output, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task Approve_BySomebodyElse_LetsTheJobRun()
    {
        var job = desk.Job([desk.Enrolled[0].Cpr, desk.Exempt.Cpr], o => o with { Approval = "required" });
        (await job.RunAsync()).Expect(75);

        (await desk.Site.RunAsync("approve", job.Key)).ExpectError(2, "approval.same_operator");
        Assert.Equal("awaiting_approval", await job.StateAsync());
        (await desk.Site.RunAsAsync("second-pair-of-eyes", "approve", job.Key)).Expect(0);
        (await desk.Site.RunAsAsync("second-pair-of-eyes", "approve", job.Key)).Expect(0);

        Assert.Equal("checked", await job.StateAsync());
        (await job.RunAsync()).Expect(0);
        Assert.Equal("1 digital enrolled, 2 paper exempt", await job.EffectsAsync());
        (await desk.Site.RunAsync("approve", job.Key)).Expect(0);
    }

    [RootFact]
    public async Task Run_CountsMovedSinceTheApproval_AsksAgain()
    {
        var moving = desk.Enrolled[1];
        var job = desk.Job([desk.Enrolled[0].Cpr, moving.Cpr], o => o with { Approval = "required" });
        (await desk.Site.RunAsync("submit", job.Folder)).Expect(0);
        (await desk.Site.RunAsAsync("second-pair-of-eyes", "approve", job.Key)).Expect(0);

        await desk.ImportAsync(moving with { IsExempt = true });
        (await job.RunAsync()).ExpectError(75, "job.waiting");
        await desk.ImportAsync(moving);
        Assert.Equal("awaiting_approval", await job.StateAsync());
        Assert.Equal(0, await job.EffectCountAsync());
        const string Sql = "select job_id from dispatch.events where action = 'approval_withdrawn' order by event_no";
        Assert.Equal($"{await desk.Site.JobIdAsync(job.Key)}", (await desk.Site.QueryAsAsync("postgres", Sql))[^1][0]);

        (await desk.Site.RunAsAsync("second-pair-of-eyes", "approve", job.Key)).Expect(0);
        (await job.RunAsync()).Expect(0);
        Assert.Equal("1 digital enrolled, 2 digital enrolled", await job.EffectsAsync());
    }

    [Fact]
    public async Task Approve_JobThatNeedsNone_IsWrongUsage()
    {
        var job = desk.Job([desk.Enrolled[0].Cpr]);
        (await job.RunAsync()).Expect(0);

        (await desk.Site.RunAsync("approve", job.Key)).ExpectError(2, "approval.not_needed");
    }

    [Fact]
    public async Task Pause_JobOnItsWay_StopsItUntilResumed()
    {
        var job = desk.Job([desk.Enrolled[0].Cpr]);
        (await desk.Site.RunAsync("submit", job.Folder)).Expect(0);

        (await desk.Site.RunAsync("pause", job.Key, "--reason", "the minister thinks")).Expect(0);
        (await desk.Site.RunAsync("pause", job.Key, "--reason", "the minister thinks")).Expect(0);
        Assert.Equal("paused", StateIn((await job.RunAsync()).ExpectError(75, "job.waiting")));
        Assert.Equal("paused", await job.StateAsync());
        Assert.Contains(
            "the minister thinks", (await desk.Site.RunAsync("status", job.Key)).Output, StringComparison.Ordinal);

        (await desk.Site.RunAsync("resume", job.Key)).Expect(0);
        (await desk.Site.RunAsync("resume", job.Key)).Expect(0);
        (await job.RunAsync()).Expect(0);
        (await desk.Site.RunAsync("pause", job.Key, "--reason", "too late")).ExpectError(2, "job.closed");
        (await desk.Site.RunAsync("cancel", job.Key, "--reason", "too late")).ExpectError(2, "job.sent");
    }

    [RootFact]
    public async Task Cancel_PaperNotHandedOff_IsRefusedAndLettersStay()
    {
        var job = desk.Job([desk.Enrolled[0].Cpr, desk.Exempt.Cpr, desk.WithoutAddress.Cpr, "12345"]);
        (await RunOverAsync(job, "spool/print", "ro")).ExpectError(78, "spool.not_writable");
        Assert.Equal(
            "1 digital enrolled, 2 paper exempt, 3 held address.missing, 4 refused cpr.length",
            await job.EffectsAsync());

        (await desk.Site.RunAsync("cancel", job.Key, "--reason", "wrong amounts")).Expect(0);
        (await desk.Site.RunAsync("cancel", job.Key, "--reason", "wrong amounts")).Expect(0);

        Assert.Equal(
            "1 digital enrolled, 2 refused job.cancelled, 3 refused job.cancelled, 4 refused cpr.length",
            await job.EffectsAsync());
        (await job.RunAsync()).Expect(3);
        (await desk.Site.RunAsync("resume", job.Key)).Expect(0, 2);
        Assert.Equal("cancelled", await job.StateAsync());
        Assert.Empty(job.Batches());
        (await desk.Site.RunAsync("audit", job.Key)).Expect(0);
    }

    [RootFact]
    public async Task Cancel_HandoffHadBegun_IsHandedOffWhole()
    {
        var job = desk.Job([desk.Enrolled[0].Cpr, desk.Exempt.Cpr]);
        (await RunOverAsync(job, "outbox/default", "size=4k,mode=2750")).ExpectError(75, "disk.full");

        (await desk.Site.RunAsync("cancel", job.Key, "--reason", "wrong amounts")).Expect(0);

        Assert.Equal("1 digital enrolled, 2 paper exempt", await job.EffectsAsync());
        Assert.Equal("cancelled", await job.StateAsync());
        Assert.Single(Assert.Single(job.Batches()).Manifest);
        (await desk.Site.RunAsync("audit", job.Key)).Expect(0);
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

    /// <summary>Runs the job with another file system over one of its folders.</summary>
    async Task<CommandResult> RunOverAsync(DeskJob job, string folder, string options)
    {
        try
        {
            await using var disk = await MountedDisk.OverAsync(Path.Combine(desk.Site.Data, folder), options);
            return await job.RunAsync();
        }
        finally
        {
            // As the operator does who takes a share away for good: without it nothing more is handed off.
            var note = new FileInfo(Path.Combine(desk.Site.Data, "spool", "mounted", "default"));
            if (note.Exists)
            {
                note.Delete();
            }
        }
    }

    // One document on standard output, whatever the end.
    static string? StateIn(CommandResult run) => run.Json.GetProperty("job").GetProperty("state").GetString();
}
