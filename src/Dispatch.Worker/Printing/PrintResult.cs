namespace Dispatch.Worker.Printing;

/// <summary>What of a job is handed off to print houses.</summary>
/// <param name="Pages">Pages of the PDFs, blank backs counted.</param>
/// <param name="Composing">What this run spent on planning batches and making files.</param>
/// <param name="HandingOff">What this run spent on moving them to the outbox.</param>
sealed record PrintResult(int Batches, long Pieces, long Pages, long Sheets, TimeSpan Composing, TimeSpan HandingOff);
