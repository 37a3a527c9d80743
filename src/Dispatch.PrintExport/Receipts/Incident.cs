namespace Dispatch.PrintExport.Receipts;

/// <summary>Something in a receipt that a person must look at.</summary>
/// <param name="Kind">Stable, one of <see cref="IncidentKind"/>.</param>
/// <param name="Sequence">The piece's place in its batch; 0 for the batch.</param>
/// <param name="Detail">In words; holds numbers and statuses only.</param>
public readonly record struct Incident(string Kind, int Sequence, string Detail);
