using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Cluster;

/// <summary>Workers of one installation; leases short, shards small, so that little work is enough to divide.</summary>
sealed class Workers(Site site, params string[] settings) : IAsyncDisposable
{
    static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    readonly List<RunningCommand> _running = [];

    public async Task<RunningCommand> StartAsync()
    {
        var worker = await site.StartAsync(["worker", .. settings.SelectMany(s => new[] { "--set", s })]);
        _running.Add(worker);
        return worker;
    }

    /// <summary>SIGKILL after a while, and another one in its place.</summary>
    public async Task<RunningCommand> ReplaceAfterAsync(RunningCommand worker, TimeSpan delay)
    {
        Assert.True(await worker.KillAfterAsync(delay), "The worker ended by itself.");
        _running.Remove(worker);
        worker.Dispose();
        return await StartAsync();
    }

    /// <summary>SIGTERM to all: each must end with 0 in time. Gives what they said.</summary>
    public async Task<string> StopAsync()
    {
        var said = "";
        foreach (var worker in _running)
        {
            await worker.TerminateAsync();
        }

        foreach (var worker in _running)
        {
            said += (await worker.EndAsync(StopLimit)).Expect(0).Output;
            worker.Dispose();
        }

        _running.Clear();
        return said;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _running)
        {
            await worker.KillAfterAsync(TimeSpan.Zero);
            worker.Dispose();
        }
    }
}
