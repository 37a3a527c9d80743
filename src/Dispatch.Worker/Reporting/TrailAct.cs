using System.Globalization;

namespace Dispatch.Worker.Reporting;

/// <summary>What one operator did in one way to one job.</summary>
/// <param name="Job">Null when it concerns none.</param>
/// <param name="Rows">As <c>1-20,35</c>; empty when it is not about rows.</param>
sealed record TrailAct(
    string Actor, string Action, int? Job, long Events, DateTime First, DateTime Last, string Rows)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{First:yyyy-MM-dd HH:mm:ss} to {Last:yyyy-MM-dd HH:mm:ss}  {Actor}  {Action}  {Events:N0} times")
        + (Job is { } job ? string.Create(CultureInfo.InvariantCulture, $"  job {job}") : "")
        + (Rows.Length > 0 ? $" rows {Rows}" : "");
}
