namespace Dispatch.Worker.Database.Jobs;

/// <summary>A run of rows: the unit that commits at once. What never changes of it; state and epoch are the database's.
/// </summary>
/// <param name="ChunkNo">From 0, in list order; part of the nonce its text is sealed under.</param>
/// <param name="FirstRow">1-based data row of the list.</param>
/// <param name="Rows">At least one.</param>
/// <param name="SpoolOffset">Where the sealed text begins in the spooled list, in bytes.</param>
/// <param name="SpoolBytes">Sealed bytes, tag included.</param>
readonly record struct JobChunk(int ChunkNo, int FirstRow, int Rows, long SpoolOffset, int SpoolBytes);
