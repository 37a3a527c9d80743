namespace Dispatch.Worker.Reporting.Audit;

/// <summary>A batch as the database has it.</summary>
sealed record RecordedBatch
{
    public required int BatchId { get; init; }
    public required int JobId { get; init; }
    public required string Name { get; init; }
    public required string PrintHouse { get; init; }
    public required string Envelope { get; init; }
    public required string Postage { get; init; }
    public required bool IsDuplex { get; init; }
    public required bool IsColour { get; init; }
    public required int Attempt { get; init; }
    public required int Pieces { get; init; }
    public required int Pages { get; init; }
    public required int Sheets { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required bool IsHandoffStarted { get; init; }
    public required bool IsJobCompleted { get; init; }
    public required string PdfSha256 { get; init; }
    public required long PdfBytes { get; init; }
    public required string ManifestSha256 { get; init; }
    public required long ManifestBytes { get; init; }
    public required string SenderCvr { get; init; }
    public required string Reference { get; init; }
}
