using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.BadInput;

/// <summary>The installation that all cases of the corpus share, on a server of its own.</summary>
public sealed class CorpusFixture : IAsyncLifetime
{
    readonly ServerCluster _cluster = new("corpus-server");
    Site? _site;

    internal Site Site => _site!;

    public async Task InitializeAsync()
    {
        await _cluster.StartAsync();
        _site = new("corpus", await _cluster.CreateDatabaseAsync("corpus"));
        (await _site.RunAsync("register", "import", Path.Combine(CorpusCase.Default, "register"))).Expect(0);
    }

    public async Task DisposeAsync()
    {
        await Site.CloseAsync();
        await _cluster.StopAsync();
    }
}
