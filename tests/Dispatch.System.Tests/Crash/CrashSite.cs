using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Crash;

/// <summary>An installation that is put back, file by file, to how it was before the job.</summary>
sealed class CrashSite(string name)
{
    public Site Site { get; } = new(name);

    string Kept => $"{Site.Data}.kept";

    /// <summary>Keeps the data folder, register imported and server stopped, as the start of every trial.</summary>
    public async Task KeepAsync()
    {
        await Site.StopAsync();
        await CopyAsync(Site.Data, Kept);
    }

    public async Task PutBackAsync()
    {
        await Site.StopAsync();
        (await Command.RunAsync("rm", ["-rf", Site.Data])).Expect(0);
        await CopyAsync(Kept, Site.Data);
    }

    /// <summary>Everything a finished job left.</summary>
    public Task<string> OutcomeAsync(string key) => Outcome.OfAsync(Site, key);

    static async Task CopyAsync(string from, string to) => (await Command.RunAsync("cp", ["-a", from, to])).Expect(0);
}
