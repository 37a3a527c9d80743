namespace Dispatch.Worker.Reporting.Audit;

/// <summary>A promise of the ledger, as a query that must give no row.</summary>
/// <param name="Id">As in docs/invariants.md, for instance <c>I-03</c>.</param>
/// <param name="Promise">What holds, in one sentence.</param>
/// <param name="ViolationsSql">
/// Gives <c>job_id, chunk_no, row_no, batch, finding</c>. <c>$1</c> is the job to look at (null: all), <c>$2</c> its
/// segment of the letters (null: all).
/// </param>
/// <param name="AppliesSql">Gives whether there is anything to look at; null when there always is.</param>
sealed record Invariant(string Id, string Promise, string ViolationsSql, string? AppliesSql = null);
