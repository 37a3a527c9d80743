using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Cluster;

/// <summary>Workers of one installation; leases short, shards small, so that little work is enough to divide.</summary>
sealed class Workers(Site site, params string[] settings) : IAsyncDisposable
{
    static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    readonly List<RunningCommand> _running = [];

    public IReadOnlyList<RunningCommand> Running => _running;

    public async Task<RunningCommand> StartAsync()
    {
        var worker = await site.StartAsync(["worker", .. settings.SelectMany(s => new[] { "--set", s })]);
        _running.Add(worker);
        return worker;
    }

    /// <summary>Starts one and waits until it takes part.</summary>
    public async Task<RunningCommand> StartReadyAsync()
    {
        var worker = await StartAsync();
        await Until.TrueAsync("the worker's start", StopLimit, async () => worker.HasEnded || (await site.QueryAsAsync(
            "dispatch_worker", "select count(*) from dispatch.nodes where node like '%-' || $1 || '-%'",
            worker.ProcessId))[0][0] == "1");
        if (worker.HasEnded)
        {
            _running.Remove(worker);
            Assert.Fail($"{await worker.EndAsync(StopLimit)}");
        }

        return worker;
    }

    /// <summary>SIGKILL after a while.</summary>
    public async Task KillAfterAsync(RunningCommand worker, TimeSpan delay)
    {
        Assert.True(await worker.KillAfterAsync(delay), "The worker ended by itself.");
        _running.Remove(worker);
        worker.Dispose();
    }

    /// <summary>The same to one that may end by itself before; false when it did.</summary>
    public async Task<bool> TryKillAfterAsync(RunningCommand worker, TimeSpan delay)
    {
        var wasKilled = await worker.KillAfterAsync(delay);
        _running.Remove(worker);
        worker.Dispose();
        return wasKilled;
    }

    public async Task KillAllAsync()
    {
        foreach (var worker in _running.ToList())
        {
            await TryKillAfterAsync(worker, TimeSpan.Zero);
        }
    }

    /// <summary>How those ended that nobody stopped or killed.</summary>
    public string Ended { get; private set; } = "";

    /// <summary>Those that ended by themselves are no longer counted on.</summary>
    public async Task RemoveEndedAsync()
    {
        foreach (var worker in _running.Where(worker => worker.HasEnded).ToList())
        {
            var ended = await worker.EndAsync(StopLimit);
            Ended += $" a worker ended with {ended.ExitCode} {ended.ErrorCode};";
            _running.Remove(worker);
            worker.Dispose();
        }
    }

    /// <summary>SIGTERM to all: each must end with 0 in time. Gives what they said.</summary>
    public async Task<string> StopAsync()
    {
        var said = "";
        foreach (var worker in _running.ToList())
        {
            said += await StopAsync(worker);
        }

        return said;
    }

    /// <summary>SIGTERM to one, whatever it has in hand.</summary>
    public async Task<string> StopAsync(RunningCommand worker)
    {
        await worker.SignalAsync("TERM");
        var ended = (await worker.EndAsync(StopLimit)).Expect(0);
        _running.Remove(worker);
        worker.Dispose();
        return ended.Output;
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
