namespace Dispatch.Worker.Reporting.Audit;

/// <summary>All invariants that are built, in the order of their numbers.</summary>
sealed record AuditResult(bool IsClean, IReadOnlyList<InvariantResult> Invariants)
{
    public static AuditResult Of(IEnumerable<InvariantResult> results)
    {
        var ordered = results.OrderBy(result => result.Id, StringComparer.Ordinal).ToList();
        return new(ordered.TrueForAll(result => result.State != InvariantState.Violated), ordered);
    }

    public string ToJson() => ReportJson.Of(this);
}
