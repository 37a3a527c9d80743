namespace Dispatch.LoadRun.Engines;

/// <summary>One way to send the list.</summary>
/// <param name="RowsMax">Rows it gets; the slow ones get fewer than all.</param>
/// <param name="Send">Sends that many rows in a process of its own.</param>
sealed record Engine(string Name, int RowsMax, Func<int, MeasuredProcess> Send);

/// <summary>One measured send.</summary>
readonly record struct EngineRun(
    int Rows, double Seconds, double ProcessorSeconds, long PeakBytes, ServerUsage Server);
