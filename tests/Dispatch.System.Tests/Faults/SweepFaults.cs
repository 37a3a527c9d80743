using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Faults;

/// <summary>F62: a file in the making whose writer is frozen, and others who clear up and go on meanwhile.</summary>
static class SweepFaults
{
    const int FreezesMax = 6;

    static readonly TimeSpan PastLease = TimeSpan.FromSeconds(15);

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("F62", "a submission frozen with its list half written, while others sweep the spool",
            FrozenSubmissionAsync) { IsAtIntake = true },
        new("F62", "a worker frozen with a batch half written, while others sweep and go on", FrozenComposerAsync),
    ];

    static async Task<string> FrozenSubmissionAsync(FaultRun run)
    {
        using var submission = await run.Site.StartAsync("submit", run.World.Job, "--set", "Dispatching:ChunkRows=100");
        var lists = Path.Combine(run.Site.Data, "spool", "lists");
        var frozen = 0;
        while (frozen < FreezesMax && !submission.HasEnded)
        {
            await Until.TrueAsync("a list half written", FaultRun.EndLimit, () => Task.FromResult(
                submission.HasEnded || (Directory.Exists(lists) && Directory.GetFiles(lists).Length > 0)));
            await FaultRun.PassAsync(TimeSpan.FromMilliseconds(run.Random.Next(60)));
            if (!submission.HasEnded)
            {
                await submission.SignalAsync("STOP");
                var before = Directory.GetFiles(lists);
                await SweepAsync(run);
                var after = Directory.GetFiles(lists);
                if (submission.HasEnded)
                {
                    break; // it was past everything when the signal came
                }

                await submission.SignalAsync("CONT");
                Assert.Equal(before, after);
                frozen += before.Length;
            }
        }

        (await submission.EndAsync(FaultRun.EndLimit)).Expect(0);
        Assert.Single(Directory.GetFiles(lists));
        return $"swept {frozen} times while it was frozen, and left alone";
    }

    static async Task<string> FrozenComposerAsync(FaultRun run)
    {
        RunningCommand? composer = null;
        await Until.TrueAsync("a batch half written", FaultRun.EndLimit, async () =>
            (composer = run.Workers.Running.FirstOrDefault(worker => HasDraftOpen(run, worker))) is not null
            || await run.IsCompletedAsync());
        if (composer is null)
        {
            return "completed before";
        }

        await composer.SignalAsync("STOP");
        var drafts = Directory.GetFiles(run.Staging, "*.part");
        await SweepAsync(run);
        var left = Directory.GetFiles(run.Staging, "*.part");
        await FaultRun.PassAsync(PastLease);
        var state = await run.IsCompletedAsync() ? "others completed the job meanwhile" : "others waited for it";
        await composer.SignalAsync("CONT");
        return $"{drafts.Length} drafts, {left.Length} after a sweep; {state}";
    }

    // Whatever it is given, a submission sweeps before it looks.
    static async Task SweepAsync(FaultRun run)
    {
        var none = Directory.CreateDirectory(Path.Combine(run.Site.Folder, "no-job")).FullName;
        var swept = await run.Site.RunAsync("submit", none);
        Assert.True(swept.ExitCode is 2 or 65, $"{swept}");
    }

    static bool HasDraftOpen(FaultRun run, RunningCommand worker) => !worker.HasEnded
        && Directory.GetFiles($"/proc/{worker.ProcessId}/fd").Select(OpenedBy).Any(
            file => file is not null && file.StartsWith(run.Staging, StringComparison.Ordinal)
                && file.EndsWith(".part", StringComparison.Ordinal));

    // One that is closed meanwhile leads nowhere.
    static string? OpenedBy(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
