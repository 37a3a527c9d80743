using System.Runtime.InteropServices;
using Dispatch.Routing;

namespace Dispatch.Worker.Commands;

/// <summary>Turns the first SIGINT, SIGTERM or SIGHUP into a cancellation; the second one ends the process at
/// once.</summary>
sealed class StopSignals : IDisposable
{
    readonly CancellationTokenSource _source = new();
    readonly PosixSignalRegistration[] _registrations;

    public StopSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, c => Stop(c, ExitCode.Interrupted)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => Stop(c, ExitCode.Terminated)),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, c => Stop(c, ExitCode.Terminated)),
    ];

    public CancellationToken Token => _source.Token;

    /// <summary>How the command ends because of a signal; null when none came.</summary>
    public ExitCode? Stopped { get; private set; }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    void Stop(PosixSignalContext context, ExitCode exit)
    {
        if (Stopped is null)
        {
            Stopped = exit;
            context.Cancel = true;
            _source.Cancel();
        }
    }
}
