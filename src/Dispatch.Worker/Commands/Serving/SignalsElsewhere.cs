using Microsoft.Extensions.Hosting;

namespace Dispatch.Worker.Commands.Serving;

/// <summary>The host leaves signals to <see cref="StopSignals"/>, as every command does.</summary>
sealed class SignalsElsewhere : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
