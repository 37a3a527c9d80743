using System.Globalization;
using System.Text.RegularExpressions;

namespace Dispatch.Worker.Reporting;

/// <summary>Rows of a job whose letters were opened, listed or recalled.</summary>
/// <param name="Rows">As <c>recall --rows</c> takes them: <c>1-20,35</c>; <see cref="AnyRow"/> when the trail does not
/// say which.</param>
sealed partial record TouchedRows(int Job, string Rows)
{
    public const string AnyRow = "all";

    /// <summary>The command that tells whose they are.</summary>
    public string Command => string.Create(CultureInfo.InvariantCulture, $"dispatch recall {Job} ")
        + (Rows == AnyRow ? "--all" : $"--rows {Rows}") + " --list FILE";

    /// <param name="multirange">As PostgreSQL writes an <c>int4multirange</c>: <c>{[1,21),[35,36)}</c>.</param>
    public static string Text(string multirange) => multirange.Contains(",)", StringComparison.Ordinal)
        ? AnyRow
        : string.Join(',', RangePattern().Matches(multirange).Select(match => TextOf(
            int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture),
            int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture) - 1)));

    static string TextOf(int first, int last) => first == last
        ? first.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{first}-{last}");

    [GeneratedRegex(@"\[([0-9]+),([0-9]+)\)", RegexOptions.NonBacktracking)]
    private static partial Regex RangePattern();
}
