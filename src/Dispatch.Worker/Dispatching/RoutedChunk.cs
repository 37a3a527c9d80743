namespace Dispatch.Worker.Dispatching;

/// <summary>A chunk whose every row is decided and encoded, on its way to the database.</summary>
sealed record RoutedChunk(ChunkWork Work, EffectBuffers Effects, long RegisterVersion);
