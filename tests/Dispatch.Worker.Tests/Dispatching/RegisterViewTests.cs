using Dispatch.Routing.Register;
using Dispatch.Worker.Dispatching;

namespace Dispatch.Worker.Tests.Dispatching;

public sealed class RegisterViewTests
{
    [Fact]
    public async Task CurrentAsync_RegisterChangedBetweenChunks_IsTheNewVersion()
    {
        var (version, loads) = (1L, 0);
        using var view = new RegisterView(
            _ => Task.FromResult(version),
            _ =>
            {
                loads++;
                return Task.FromResult(new RegisterSnapshotBuilder(withNames: false, 0).Build(version, []));
            });

        await view.CurrentAsync(default);
        var before = await view.CurrentAsync(default);
        version = 2;
        var after = await view.CurrentAsync(default);

        Assert.Equal((1L, 2L, 2), (before.Version, after.Version, loads));
    }
}
