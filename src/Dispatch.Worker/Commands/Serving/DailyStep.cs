namespace Dispatch.Worker.Commands.Serving;

/// <summary>A part of a daily run, safe to repeat.</summary>
sealed record DailyStep(string Name, Func<CancellationToken, Task<DailyOutcome>> RunAsync);
