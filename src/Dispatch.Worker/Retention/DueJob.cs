namespace Dispatch.Worker.Retention;

/// <summary>A job of which something is due.</summary>
/// <param name="PurgeNo">Of a purge that was begun and not ended; null for none.</param>
sealed record DueJob(int JobId, int Segment, int Rows, string ListFile, DateTime FinalAt, int? PurgeNo);
