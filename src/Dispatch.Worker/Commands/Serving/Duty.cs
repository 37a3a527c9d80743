using Dispatch.Worker.Scheduling;

namespace Dispatch.Worker.Commands.Serving;

/// <summary>Whether this worker may take something more, and whether it may still finish what it has.</summary>
sealed class Duty : IDisposable
{
    readonly CancellationTokenSource _stopping = new();
    readonly CancellationTokenSource _givenUp = new();
    volatile Gate _gate = Gate.Open;
    volatile bool _hasStarted;

    /// <summary>Nothing more is taken; what is in hand is finished.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>What is in hand is dropped: others will do it.</summary>
    public CancellationToken GivenUp => _givenUp.Token;

    /// <summary>What keeps the worker from taking anything.</summary>
    public Gate Gate
    {
        get => _gate;
        set => _gate = value;
    }

    /// <summary>All parts of the worker were started.</summary>
    public bool HasStarted
    {
        get => _hasStarted;
        set => _hasStarted = value;
    }

    /// <summary>Code of why it takes nothing, for those who look after it; empty = it does.</summary>
    public string Hindrance =>
        _stopping.IsCancellationRequested ? "stopping" : !HasStarted ? "starting" : Gate.Code;

    public bool MayTake => !_stopping.IsCancellationRequested && !_gate.IsClosed;

    public void Stop() => _stopping.Cancel();

    public void GiveUp() => _givenUp.Cancel();

    public void Dispose()
    {
        _stopping.Dispose();
        _givenUp.Dispose();
    }
}
