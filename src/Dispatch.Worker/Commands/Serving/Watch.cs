using Dispatch.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Dispatch.Worker.Commands.Serving;

/// <summary>
/// A part of the worker that does its round again and again. Faults that pass are told once and waited out; any other
/// ends the part, and with it the process: a worker with a part missing must not look alive.
/// </summary>
abstract class Watch(CommandContext context, TimeSpan period) : BackgroundService
{
    static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(4);

    readonly ILogger _logger = context.Logs.CreateLogger(nameof(Serving));
    string _fault = "";
    int _failures;

    protected CommandContext Context { get; } = context;

    protected ILogger Logger => _logger;

    protected abstract Task RoundAsync(CancellationToken ct);

    /// <summary>Waits until the next round is due.</summary>
    protected virtual Task PauseAsync(TimeSpan pause, CancellationToken ct) => Task.Delay(pause, Context.Time, ct);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // the first round must not hold up the start of the others
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RoundAsync(stoppingToken);
                NoteGood();
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (IsPassing(fault))
            {
                NotePassing(fault);
            }

            await PauseAsync(Pause(), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    bool IsPassing(Exception fault)
    {
        var comesFromOutside = fault
            is NpgsqlException or IOException or DispatchException or OperationCanceledException or TimeoutException;
        return comesFromOutside && Failure.From(fault, null, Context).Exit == ExitCode.TryAgain;
    }

    void NoteGood()
    {
        if (_failures > 0)
        {
            Log.RoundHealed(_logger, GetType().Name);
        }

        (_failures, _fault) = (0, "");
    }

    void NotePassing(Exception fault)
    {
        var code = Failure.From(fault, null, Context).Code;
        if (code != _fault)
        {
            Log.RoundFailed(_logger, GetType().Name, code);
        }

        (_failures, _fault) = (_failures + 1, code);
    }

    TimeSpan Pause()
    {
        var pause = period * Math.Pow(2, Math.Min(_failures, 10));
        return _failures > 0 && pause > PauseMax ? PauseMax : pause;
    }
}
