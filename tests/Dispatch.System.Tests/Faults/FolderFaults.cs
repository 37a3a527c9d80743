using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Faults;

/// <summary>Disks that are full, read-only, not there or fail; calls that fail or are the program's last.</summary>
static class FolderFaults
{
    const string Full = "size=600k";
    const string FewFiles = "size=1g,nr_inodes=12";

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("F02", "killed at the n-th call that makes a file last",
            run => MeddleAsync(run, Strace.Lasting, "signal=KILL", 40)),
        new("F48", "disk full at the n-th rename or sync",
            run => MeddleAsync(run, "fsync,rename,renameat2", "error=ENOSPC", 12)),
        new("F49", "n-th write fails", run => MeddleAsync(run, "pwrite64", "error=EIO", 60)),
        new("F49", "n-th write does nothing and says it did", run => MeddleAsync(run, "pwrite64", "retval=512", 60)),
        new("F50", "n-th sync fails", run => MeddleAsync(run, "fsync,fdatasync", "error=EIO", 12)),
        new("F51", "n-th close fails", run => MeddleAsync(run, "close", "error=EIO", 400)),
        new("F47", "disk of the staging folder full, then larger", run => SmallDiskAsync(run, Full)),
        new("F55", "no inodes left in the staging folder, then more", run => SmallDiskAsync(run, FewFiles)),
        new("F53", "spool read-only, then writable", ReadOnlyAsync),
        new("F54", "another disk mounted over the spool, then taken away", CoveredAsync),
        new("F58", "composed files deleted before the hand-off", DeletedAsync),
        new("F64", "a worker with 160 file handles", FewHandlesAsync),
    ];

    /// <summary>One of the two workers under a tracer; killed or not, another takes its place if it ends.</summary>
    static async Task<string> MeddleAsync(FaultRun run, string calls, string how, int timesMax)
    {
        var when = 1 + run.Random.Next(timesMax);
        var meddled = await run.ReplaceUnderAsync(Strace.Under(calls, $"{how}:when={when}"));
        await Until.TrueAsync(
            "the end of either", FaultRun.EndLimit,
            async () => meddled.HasEnded || await run.IsCompletedAsync());
        if (meddled.HasEnded)
        {
            await run.Workers.TryKillAfterAsync(meddled, TimeSpan.Zero);
            await run.Workers.StartAsync();
            return $"n = {when}, the worker ended";
        }

        return $"n = {when}";
    }

    static async Task<string> SmallDiskAsync(FaultRun run, string options)
    {
        await using var disk = await MountedDisk.OverAsync(run.Staging, options);
        await Until.TrueAsync("a setback", FaultRun.EndLimit, async () => await run.IsCompletedAsync()
            || await run.CountAsync(
                "select count(*) from dispatch.setbacks where failures > 1", "dispatch_worker") > 0);
        var codes = await run.Site.QueryAsAsync("dispatch_worker", "select distinct code from dispatch.setbacks");
        await disk.ResizeAsync("size=1g,nr_inodes=100k");
        Assert.True(await run.DrainAsync());
        await run.Workers.KillAllAsync();
        return string.Join(' ', codes.Select(code => code[0]));
    }

    // Not by its mount: a disk with open files cannot be made read-only.
    static async Task<string> ReadOnlyAsync(FaultRun run)
    {
        await run.SomewhereAsync();
        var spool = Path.Combine(run.Site.Data, "spool");
        (await Command.RunAsync("chattr", ["+i", spool])).Expect(0);
        var gate = await run.GatedAsync();
        (await Command.RunAsync("chattr", ["-i", spool])).Expect(0);
        return gate;
    }

    static async Task<string> CoveredAsync(FaultRun run)
    {
        await run.SomewhereAsync();
        var seen = "";
        await using (await MountedDisk.OverAsync(Path.Combine(run.Site.Data, "spool"), "size=64m"))
        {
            seen = await run.GatedAsync();
            Assert.Empty(Directory.GetFiles(run.Site.Outbox, "*", SearchOption.AllDirectories));
            await run.Workers.KillAllAsync(); // what is open in it would hold the disk there
        }

        return seen;
    }

    static async Task<string> DeletedAsync(FaultRun run)
    {
        await Until.TrueAsync("composed files", FaultRun.EndLimit, async () =>
            Directory.Exists(run.Staging) && Directory.GetFiles(run.Staging, "*.pdf").Length > 1
            || await run.IsCompletedAsync());
        await run.Workers.KillAllAsync();
        var files = Directory.Exists(run.Staging) ? Directory.GetFiles(run.Staging) : [];
        foreach (var file in files)
        {
            File.Delete(file);
        }

        return $"{files.Length} files";
    }

    static async Task<string> FewHandlesAsync(FaultRun run)
    {
        await run.ReplaceUnderAsync(["prlimit", "--nofile=160:160"]);
        return "";
    }
}
