namespace Dispatch.Worker.Scheduling;

/// <summary>A worker process.</summary>
/// <param name="Name">Host, process and a random part.</param>
/// <param name="Gate">Why it takes nothing; empty = it does.</param>
sealed record Node(string Name, DateTime StartedAt, string Gate, DateTime? GateSince);
