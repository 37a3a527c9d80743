using System.Globalization;
using System.Text.Json.Serialization;

namespace Dispatch.Worker.Reporting.Audit;

enum InvariantState
{
    Ok,
    Violated,

    /// <summary>The ledger holds nothing the invariant speaks of.</summary>
    NotApplicable,
}

/// <summary>What the audit found for one invariant.</summary>
/// <param name="Offenders">The first twenty; none when the invariant holds.</param>
/// <param name="HasMore">There are more than these.</param>
sealed record InvariantResult(
    string Id, string Promise, InvariantState State, IReadOnlyList<Offender> Offenders, bool HasMore, double Seconds)
{
    public const int OffendersMax = 20;

    /// <summary>Of at most <see cref="OffendersMax"/> + 1 offenders found.</summary>
    public static InvariantResult Of(
        string id, string promise, bool applies, IReadOnlyList<Offender> found, TimeSpan elapsed) => new(
            id,
            promise,
            found.Count > 0 ? InvariantState.Violated : applies ? InvariantState.Ok : InvariantState.NotApplicable,
            found.Count > OffendersMax ? found.Take(OffendersMax).ToList() : found,
            found.Count > OffendersMax,
            Math.Round(elapsed.TotalSeconds, 3));

    /// <summary>A line for the operator, and one more for each offender.</summary>
    public override string ToString()
    {
        var state = State switch
        {
            InvariantState.Ok => "ok",
            InvariantState.Violated => "VIOLATED",
            _ => "nothing to look at",
        };
        var line = string.Create(CultureInfo.InvariantCulture, $"{Id}  {Promise}: {state} ({Seconds:0.0} s)");
        var more = HasMore ? new[] { "      and more" } : [];
        return string.Join('\n', [line, .. Offenders.Select(offender => $"      {offender}"), .. more]);
    }
}

/// <summary>Where an invariant does not hold. Never a CPR number, a name or a reference.</summary>
sealed record Offender(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Job,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Chunk,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Row,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Batch,
    string Finding)
{
    public override string ToString()
    {
        var where = new List<string>(4);
        if (Job is { } job)
        {
            where.Add($"job {job}");
        }

        if (Chunk is { } chunk)
        {
            where.Add($"chunk {chunk}");
        }

        if (Row is { } row)
        {
            where.Add($"row {row}");
        }

        if (Batch is { } batch)
        {
            where.Add($"batch {batch}");
        }

        return where.Count == 0 ? Finding : $"{string.Join(", ", where)}: {Finding}";
    }
}
