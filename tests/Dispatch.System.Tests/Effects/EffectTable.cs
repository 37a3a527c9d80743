using System.Globalization;
using Dispatch.System.Tests.Oracle;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Effects;

/// <summary>What the view of all effects says of one job.</summary>
static class EffectTable
{
    public static async Task<List<(int Row, Verdict Verdict)>> ReadAsync(Site site, string key)
    {
        var rows = await site.QueryAsync(
            "select row_no, effect, reason from ops.effects where job_id = $1 order by row_no",
            await site.JobIdAsync(key));
        return [.. rows.Select(r => (int.Parse(r[0]!, CultureInfo.InvariantCulture), new Verdict(r[1]!, r[2]!)))];
    }

    /// <summary>One line per row that is lost, doubled, unexpected or other than it must be; codes only.</summary>
    public static List<string> Compare(Verdict[] expected, List<(int Row, Verdict Verdict)> found)
    {
        var byRow = found.ToLookup(f => f.Row, f => f.Verdict);
        var differences = Enumerable.Range(1, expected.Length)
            .Where(row => !byRow[row].SequenceEqual([expected[row - 1]]))
            .Select(row => $"row {row}: expected {expected[row - 1]}, found {string.Join(" and ", byRow[row])}")
            .ToList();
        differences.AddRange(
            found.Where(f => f.Row < 1 || f.Row > expected.Length).Select(f => $"row {f.Row}: not in the list"));
        return differences;
    }
}
