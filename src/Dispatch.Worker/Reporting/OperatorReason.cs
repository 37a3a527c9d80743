using System.Text.RegularExpressions;
using Dispatch.Routing;

namespace Dispatch.Worker.Reporting;

/// <summary>Why an operator did something, in their words. It is kept for years and shown in reports.</summary>
static partial class OperatorReason
{
    const int CharsMax = 200;

    /// <summary>The reason, trimmed.</summary>
    /// <exception cref="DispatchException"><c>reason.invalid</c>, <c>reason.personal</c>; exit 2.</exception>
    public static string Check(string reason)
    {
        var text = reason.Trim();
        if (text.Length is 0 or > CharsMax || text.Any(char.IsControl))
        {
            throw new DispatchException(
                "reason.invalid",
                $"the reason has {text.Length} characters or a control character; expected one line of 1 to "
                + $"{CharsMax} characters",
                ExitCode.Usage);
        }

        return CprPattern().IsMatch(text)
            ? throw new DispatchException(
                "reason.personal",
                "the reason holds what looks like a CPR number; expected none: say it by row number", ExitCode.Usage)
            : text;
    }

    // No look-around: the engine that cannot backtrack has none. A longer run of digits is refused as well.
    [GeneratedRegex(@"[0-9]{6}[- ]?[0-9]{4}", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex CprPattern();
}
