using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Faults;

/// <summary>F56: workers that are not root, and a folder of theirs that they may no longer write to.</summary>
static class PermissionFaults
{
    const string User = "dispatch-tester";

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("F56", "workers of an ordinary user, their spool made mode 000 and given back",
            run => TakenAwayAsync(run, "spool", folder => RunAsync("chmod", "000", folder))),
        new("F56", "workers of an ordinary user, their outbox given to another user and back",
            run => TakenAwayAsync(run, "outbox", folder => RunAsync("chown", "root:root", folder))),
    ];

    static async Task<string> TakenAwayAsync(FaultRun run, string name, Func<string, Task> takeAsync)
    {
        await BecomeOrdinaryAsync(run);
        await run.SomewhereAsync(0.1, 0.5);
        var folder = Path.Combine(run.Site.Data, name);
        var mode = File.GetUnixFileMode(folder);
        await takeAsync(folder);

        var gate = await run.GatedAsync();

        Assert.Equal($"folder.not_writable {name}", gate);
        Assert.True(run.LogSays($"folder.not_writable ({name})"), "The log does not name the folder.");
        var status = (await run.Site.RunAsync("status")).Expect(0);
        Assert.Contains($"folder.not_writable ({name})", status.Error, StringComparison.Ordinal);
        File.SetUnixFileMode(folder, mode);
        await RunAsync("chown", User, folder);
        return $"{gate} in log and status";
    }

    // From now on all commands are that user's.
    static async Task BecomeOrdinaryAsync(FaultRun run)
    {
        if ((await Command.RunAsync("id", ["-u", User])).ExitCode != 0)
        {
            await RunAsync("useradd", "--system", "--create-home", User);
        }

        await run.Workers.KillAllAsync();
        await RunAsync("chown", "-R", $"{User}:", run.Site.Folder);
        run.Site.Launcher =
        [
            "setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups", "--", "env", $"HOME={run.Site.Folder}",
        ];
        await run.Workers.StartAsync();
        await run.Workers.StartReadyAsync();
    }

    static async Task RunAsync(string program, params string[] arguments) =>
        (await Command.RunAsync(program, arguments)).Expect(0);
}
