namespace Dispatch.Worker.Reporting.Audit;

/// <summary>All invariants that are built, in the order of their numbers.</summary>
/// <param name="ForgottenJobs">Their data keys were destroyed: their ledger is proved, their letters cannot be
/// opened.</param>
sealed record AuditResult(bool IsClean, IReadOnlyList<InvariantResult> Invariants, IReadOnlyList<int> ForgottenJobs)
{
    public static AuditResult Of(IEnumerable<InvariantResult> results, IReadOnlyList<int> forgottenJobs)
    {
        var ordered = results.OrderBy(result => result.Id, StringComparer.Ordinal).ToList();
        return new(ordered.TrueForAll(result => result.State != InvariantState.Violated), ordered, forgottenJobs);
    }

    public string ToJson() => ReportJson.Of(this);
}
