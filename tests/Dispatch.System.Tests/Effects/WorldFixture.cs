using System.Collections.Concurrent;
using Dispatch.System.Tests.Jobs;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Effects;

/// <summary>One installation with the world's register; each job is run once, for all tests that look at it.</summary>
public sealed class WorldFixture : IAsyncLifetime
{
    readonly ConcurrentDictionary<string, Lazy<Task<JobRun>>> _runs = new();
    readonly Site _site = new("world");
    readonly WorldJobs _world = WorldJobs.Make();

    internal Site Site => _site;

    internal WorldJobs World => _world;

    public async Task InitializeAsync()
    {
        var folder = RegisterFolder.Write(Path.Combine(_site.Folder, "register"), _world.Register);
        (await _site.RunAsync("register", "import", folder)).Expect(0);
    }

    public Task DisposeAsync() => _site.CloseAsync();

    internal Task<JobRun> RunAsync(string job) =>
        _runs.GetOrAdd(job, name => new(() => JobRun.MakeAsync(_site, _world, name))).Value;
}
