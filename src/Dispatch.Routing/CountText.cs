using System.Globalization;

namespace Dispatch.Routing;

/// <summary>A count with its noun, as messages say it: <c>1 piece</c>, <c>1,200 pieces</c>, <c>0 batches</c>.</summary>
public static class CountText
{
    /// <param name="noun">In the singular.</param>
    public static string Of(long count, string noun)
    {
        var ending = count == 1 ? "" : noun.EndsWith("ch", StringComparison.Ordinal) ? "es" : "s";
        return string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{ending}");
    }
}
