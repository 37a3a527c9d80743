using System.Diagnostics;

namespace Dispatch.System.Tests.Running;

/// <summary>A program that was started and may be killed.</summary>
sealed class RunningCommand : IDisposable
{
    readonly Process _process;
    readonly Stopwatch _watch;
    readonly Task<string> _output;
    readonly Task<string> _error;
    readonly string _text;

    RunningCommand(Process process, string text, string input)
    {
        _process = process;
        _text = text;
        _watch = Stopwatch.StartNew();
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
    }

    public int ProcessId => _process.Id;

    public bool HasEnded => _process.HasExited;

    public static RunningCommand Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null,
        string input = "")
    {
        var list = arguments.ToList();
        return new(
            Process.Start(Command.Describe(program, list, environment))!, $"{program} {string.Join(' ', list)}", input);
    }

    public async Task<CommandResult> EndAsync(TimeSpan timeout)
    {
        using var limit = new CancellationTokenSource(timeout);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            throw new TimeoutException($"'{_text}' did not end within {timeout}; it said: {await _error}");
        }

        return new(_text, _process.ExitCode, await _output, await _error, _watch.Elapsed);
    }

    /// <summary>Sends a signal, as STOP or CONT.</summary>
    public async Task SignalAsync(string signal) =>
        (await Command.RunAsync("kill", [$"-{signal}", $"{_process.Id}"])).Expect(0);

    /// <summary>SIGKILL to this process alone after a while; false when it had ended by itself before.</summary>
    public async Task<bool> KillAfterAsync(TimeSpan delay)
    {
        using var limit = new CancellationTokenSource(delay);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            return false;
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            // Not the output's end: the database server it leaves behind may hold that open.
            await _process.WaitForExitAsync();
            return true;
        }
    }

    public void Dispose() => _process.Dispose();
}
