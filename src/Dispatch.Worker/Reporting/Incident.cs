namespace Dispatch.Worker.Reporting;

/// <summary>What a print house's answers brought up and a person must look at.</summary>
/// <param name="Id">A number, or <c>file-N</c> for a receipt file in quarantine.</param>
/// <param name="ClosedAt">Null while it is open.</param>
sealed record Incident(
    string Id, DateTime At, string Kind, string PrintHouse, string? Batch, int? Job, int? Row, string Detail,
    DateTime? ClosedAt, string? ClosedBy, string? CloseReason);
