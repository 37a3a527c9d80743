namespace Dispatch.Worker.Commands.Serving;

/// <summary>A part of a daily run, safe to repeat.</summary>
/// <param name="RunAsync">Gives what came of it in a few words, without anything about people.</param>
sealed record DailyStep(string Name, Func<CancellationToken, Task<string>> RunAsync);
