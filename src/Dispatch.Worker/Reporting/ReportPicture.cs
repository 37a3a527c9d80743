using System.Globalization;
using Dispatch.Routing.Rules;

namespace Dispatch.Worker.Reporting;

/// <summary>The split as one stacked bar, and the bars of the tables.</summary>
static class ReportPicture
{
    const double WidthUnits = 1000;
    const double HeightUnits = 56;
    const double GapUnits = 3;

    /// <summary>So that ten rows of five million are still seen.</summary>
    const double SliceUnitsMin = 5;

    /// <summary>Narrower slices are named in the legend only.</summary>
    const double LabelUnitsMin = 90;

    public static HtmlText Split(IReadOnlyList<SplitSlice> slices, long rows)
    {
        var shown = slices.Where(slice => slice.Rows > 0).ToList();
        var words = string.Join(", ", shown.Select(slice => $"{slice.Name} {DanishText.Share(slice.Rows, rows)}"));
        var picture = HtmlText.Of(
            $"""<svg class="split" viewBox="0 0 {Units(WidthUnits)} {Units(HeightUnits)}" role="img">""")
            .Add($"<title>{words}</title>");

        var all = shown.Sum(slice => slice.Rows);
        var free = WidthUnits - GapUnits * (shown.Count - 1) - SliceUnitsMin * shown.Count;
        var x = 0.0;
        foreach (var slice in shown)
        {
            var width = SliceUnitsMin + free * slice.Rows / all;
            picture.Add($"""<rect class="{slice.Style}" x="{Units(x)}" y="0" width="{Units(width)}" """)
                .Add($"""height="{Units(HeightUnits)}" rx="4"/>""");
            if (width >= LabelUnitsMin)
            {
                picture.Add($"""<text x="{Units(x + 14)}" y="34">{DanishText.Share(slice.Rows, rows)}</text>""");
            }

            x += width + GapUnits;
        }

        return picture.Add($"</svg>");
    }

    /// <summary>A bar of a table, <paramref name="share"/> of its cell wide.</summary>
    public static HtmlText Bar(string style, double share)
    {
        var percent = Math.Clamp(share * 100, 0, 100).ToString("0.##", CultureInfo.InvariantCulture);
        return HtmlText.Of($"""<span class="bar {style}" style="width:{percent}%"></span>""");
    }

    public static string Style(Channel channel) => channel switch
    {
        Channel.Digital => "digital",
        Channel.Paper => "paper",
        Channel.Held => "held-rows",
        _ => "refused-rows",
    };

    static string Units(double units) => units.ToString("0.##", CultureInfo.InvariantCulture);
}

readonly record struct SplitSlice(string Name, string Style, long Rows);
