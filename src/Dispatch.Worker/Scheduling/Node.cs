namespace Dispatch.Worker.Scheduling;

/// <summary>A worker process.</summary>
/// <param name="Name">Host, process and a random part.</param>
/// <param name="Gate">Code of why it takes nothing; empty = it does.</param>
/// <param name="GateFolders">The folders that is about.</param>
sealed record Node(string Name, DateTime StartedAt, string Gate, string GateFolders, DateTime? GateSince);
