namespace Dispatch.Worker.Diagnostics;

/// <summary>What a <see cref="ChunkMeter"/> has counted.</summary>
/// <param name="Chunks">By class of time, one more than there are bounds.</param>
/// <param name="Seconds">Of all chunks.</param>
/// <param name="Digital">Rows; so the others.</param>
sealed record ChunkFigures(
    IReadOnlyList<long> Chunks, double Seconds, long Digital, long Paper, long Held, long Refused);
