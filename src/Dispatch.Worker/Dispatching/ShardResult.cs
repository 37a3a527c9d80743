namespace Dispatch.Worker.Dispatching;

/// <summary>What came of starting a shard.</summary>
/// <param name="WasOurs">False when somebody else has it, and nothing was done.</param>
/// <param name="Rows">Rows whose chunks were written.</param>
/// <param name="Superseded">Chunks whose commit was refused: they were taken by somebody else meanwhile.</param>
/// <param name="WasLost">The lease ran out before the end.</param>
readonly record struct ShardResult(bool WasOurs, long Rows, int Superseded, bool WasLost);
