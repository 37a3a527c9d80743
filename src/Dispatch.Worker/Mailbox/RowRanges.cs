using System.Globalization;
using Dispatch.Routing;

namespace Dispatch.Worker.Mailbox;

/// <summary>Rows of a job as an operator names them: <c>1-20,35</c>. Kept in order, without overlap or
/// neighbours.</summary>
sealed class RowRanges
{
    const int TextCharsMax = 200;

    readonly List<(int First, int Last)> _ranges;

    RowRanges(List<(int First, int Last)> ranges) => _ranges = ranges;

    public int First => _ranges[0].First;

    public int Last => _ranges[^1].Last;

    /// <summary>In order, without overlap or neighbours.</summary>
    public IReadOnlyList<(int First, int Last)> Ranges => _ranges;

    /// <summary>How many rows these are.</summary>
    public long Count => _ranges.Sum(range => (long)range.Last - range.First + 1);

    public static RowRanges All(int rows) => new([(1, rows)]);

    /// <param name="rows">How many rows the job has.</param>
    /// <exception cref="DispatchException"><c>rows.invalid</c>, exit 2.</exception>
    public static RowRanges Parse(string text, int rows)
    {
        var ranges = ParseWithin(text, rows, out var isCut);
        return isCut ? throw Invalid(rows) : ranges;
    }

    /// <summary>The rows that there are; every range must hold one of them.</summary>
    /// <param name="isCut">A range goes on behind the last row.</param>
    /// <exception cref="DispatchException"><c>rows.invalid</c>, exit 2.</exception>
    public static RowRanges ParseWithin(string text, int rows, out bool isCut)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries).Select(
            part => ParseRange(part, rows)).Order().ToList();
        isCut = parts.Any(part => part.Last > rows);
        var merged = new List<(int First, int Last)> { parts[0] };
        foreach (var (first, last) in parts.Skip(1))
        {
            if (first <= merged[^1].Last + 1)
            {
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, last));
            }
            else
            {
                merged.Add((first, last));
            }
        }

        merged[^1] = (merged[^1].First, Math.Min(merged[^1].Last, rows));
        return new(merged);
    }

    /// <summary>As PostgreSQL writes an <c>int4multirange</c>.</summary>
    public string ToMultirange() => "{" + string.Join(',', _ranges.Select(
        range => string.Create(CultureInfo.InvariantCulture, $"[{range.First},{range.Last + 1})"))) + "}";

    /// <summary>For a person; cut when there are very many ranges.</summary>
    public override string ToString()
    {
        var text = string.Join(',', _ranges.Select(range => range.First == range.Last
            ? string.Create(CultureInfo.InvariantCulture, $"{range.First}")
            : string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}")));
        return text.Length <= TextCharsMax ? text : $"{text[..TextCharsMax]}… ({_ranges.Count} ranges)";
    }

    static (int First, int Last) ParseRange(string text, int rows)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var isRange = int.TryParse(
            dash < 0 ? text : text[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            & int.TryParse(
                dash < 0 ? text : text[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var last);
        return isRange && first >= 1 && first <= last && first <= rows ? (first, last) : throw Invalid(rows);
    }

    static DispatchException Invalid(int rows) => new(
        "rows.invalid",
        $"--rows holds what is no row of the job; expected numbers and ranges from 1 to {rows}, such as 1-20,35",
        ExitCode.Usage);
}
