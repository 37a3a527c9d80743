using Dispatch.System.Tests.Paper;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Faults;

/// <summary>F52: a disk that said "written" and had nothing, then a power cut. What such a disk leaves is made here by
/// hand, while no worker lives: names that are there, and behind them less than was written.</summary>
static class LostWriteFaults
{
    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("F52", "composed files lost bytes in a power cut, before their hand-off",
            run => PowerCutAsync(run, hasBegun: false)),
        new("F52", "the same when their hand-off had begun", run => PowerCutAsync(run, hasBegun: true)),
    ];

    static async Task<string> PowerCutAsync(FaultRun run, bool hasBegun)
    {
        // Made now, and closed: the first step of a hand-off is recorded, and the second fails.
        var house = Directory.CreateDirectory(Path.Combine(run.Site.Outbox, "default")).FullName;
        (await Command.RunAsync("chattr", ["+i", house])).Expect(0);
        var begun = hasBegun ? "and handoff_started_at is not null" : "";
        try
        {
            await Until.TrueAsync("composed batches", FaultRun.EndLimit, async () => await run.CountAsync(
                $"select count(*) from dispatch.batches where state = 'composed' {begun}", "dispatch_worker") > 1);
            await run.Workers.KillAllAsync();
        }
        finally
        {
            (await Command.RunAsync("chattr", ["-i", house])).Expect(0);
        }

        Assert.Empty(Directory.GetFiles(house));
        var files = Directory.GetFiles(run.Staging);
        Assert.NotEmpty(files);
        var before = files.ToDictionary(file => Path.GetFileName(file), PrintBatch.Sha256);
        var damaged = files.Count(file => Damage(file, run.Random));
        await run.Workers.StartAsync();
        Assert.True(await run.DrainAsync());
        // One that is missing is counted, with the rows on its pages.
        foreach (var pdf in Directory.GetFiles(house, "*.pdf"))
        {
            var hash = PrintBatch.Sha256(pdf);
            Assert.Equal(before.GetValueOrDefault(Path.GetFileName(pdf), hash), hash);
        }

        return $"{damaged} of {files.Length} files damaged, the same bytes handed off";
    }

    /// <summary>As lost writes leave a file: shorter, with zeros in it, or with other bits.</summary>
    static bool Damage(string path, Random random)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        var at = random.NextInt64(file.Length);
        switch (random.Next(5))
        {
            case 0:
                file.SetLength(0);
                return true;
            case 1:
                file.SetLength(at);
                return true;
            case 2:
                var length = file.Length;
                file.SetLength(at);
                file.SetLength(length); // a hole: zeros
                return true;
            case 3:
                file.Position = at;
                var value = file.ReadByte();
                file.Position = at;
                file.WriteByte((byte)(value ^ (1 << random.Next(8))));
                return true;
            default:
                return false;
        }
    }
}
