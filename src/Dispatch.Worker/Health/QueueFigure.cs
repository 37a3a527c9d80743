namespace Dispatch.Worker.Health;

/// <summary>How much of something there is in the database.</summary>
/// <param name="Metric">As in the metrics, without the prefix.</param>
/// <param name="State">Its one label; empty = none.</param>
readonly record struct QueueFigure(string Metric, string State, double Value);
