using System.Globalization;
using Dispatch.Routing.Rules;

namespace Dispatch.Worker.Reporting;

/// <summary>The tables of <c>report.html</c>.</summary>
static class ReportTables
{
    const int BatchesOpenMax = 100;

    static readonly Channel[] Channels = [Channel.Digital, Channel.Paper, Channel.Held, Channel.Refused];

    public static HtmlText Reasons(ReportFacts facts)
    {
        var section = HtmlText.Of($"<section class=\"long\">\n<h2>Why</h2>\n");
        foreach (var channel in Channels)
        {
            var reasons = facts.Reasons.Where(reason => reason.Channel == channel).ToList();
            if (reasons.Count == 0)
            {
                continue;
            }

            var style = ReportPicture.Style(channel);
            var name = CultureInfo.InvariantCulture.TextInfo.ToTitleCase(channel.Effect());
            section.Add($"<h3><i class=\"dot {style}\"></i>{name}</h3>\n<table class=\"bars\"><thead><tr>")
                .Add($"<th class=\"w\">Reason</th><th></th><th class=\"n\">Rows</th><th class=\"n\">Of all</th></tr>")
                .Add($"</thead><tbody>\n");
            var most = reasons.Max(reason => reason.Count);
            foreach (var reason in reasons)
            {
                section.Add($"<tr><td>{ReasonText.Of(reason.Reason)} <code>{reason.Code}</code></td>")
                    .Add($"<td>{ReportPicture.Bar(style, (double)reason.Count / most)}</td>")
                    .Add($"<td class=\"n\">{DanishText.Count(reason.Count)}</td>")
                    .Add($"<td class=\"n\">{DanishText.Share(reason.Count, facts.Rows)}</td></tr>\n");
            }

            section.Add($"</tbody></table>\n");
        }

        return section.Add($"</section>\n");
    }

    public static HtmlText Paper(ReportFacts facts)
    {
        var section = HtmlText.Of($"<section>\n<h2>Paper</h2>\n");
        if (facts.Batches.Count == 0)
        {
            return section.Add($"<p class=\"none\">Nothing goes to a print house.</p>\n</section>\n");
        }

        section.Add($"<table><thead><tr><th>Class</th><th class=\"n\">Batches</th><th class=\"n\">Envelopes</th>")
            .Add($"<th class=\"n\">Pages</th><th class=\"n\">Sheets</th></tr></thead><tbody>\n");
        var classes = facts.Batches.GroupBy(batch => (batch.Class, IsReprint: batch.Attempt > 1)).ToList();
        foreach (var group in classes)
        {
            var name = group.Key.IsReprint ? group.Key.Class + " (reprint)" : group.Key.Class;
            section.Add($"<tr><td>{name}</td>").Add(Totals(group)).Add($"</tr>\n");
        }

        section.Add($"</tbody>");
        if (classes.Count > 1)
        {
            section.Add($"<tfoot><tr><td>Together</td>").Add(Totals(facts.Batches)).Add($"</tr></tfoot>");
        }

        return section.Add($"</table>\n</section>\n");
    }

    public static HtmlText Batches(ReportFacts facts)
    {
        if (facts.Batches.Count == 0)
        {
            return new();
        }

        var isOpen = facts.Batches.Count <= BatchesOpenMax ? " open" : "";
        var section = HtmlText.Of($"<section class=\"long\">\n<h2>Print batches</h2>\n<details{isOpen}>")
            .Add($"<summary>{DanishText.Count(facts.Batches.Count)} files</summary>\n<table><thead><tr><th>Name</th>")
            .Add($"<th>State</th><th class=\"n\">Envelopes</th><th class=\"n\">Pages</th><th class=\"n\">Sheets</th>")
            .Add($"<th>SHA-256</th></tr></thead><tbody>\n");
        foreach (var batch in facts.Batches)
        {
            var hash = batch.Reported.Sha256;
            section.Add($"<tr><td><code class=\"name\">{batch.Reported.Name}</code></td>")
                .Add($"<td class=\"s\">{batch.State.Replace('_', ' ')}</td>")
                .Add($"<td class=\"n\">{DanishText.Count(batch.Reported.Pieces)}</td>")
                .Add($"<td class=\"n\">{DanishText.Count(batch.Reported.Pages)}</td>")
                .Add($"<td class=\"n\">{DanishText.Count(batch.Reported.Sheets)}</td>")
                .Add($"<td><code title=\"{hash}\">{(hash.Length > 12 ? hash[..12] : hash)}</code></td></tr>\n");
        }

        return section.Add($"</tbody></table></details>\n</section>\n");
    }

    public static HtmlText Stages(ReportFacts facts)
    {
        var seconds = facts.Seconds;
        var stages = new (string Name, double Seconds)[]
        {
            ("Check the list", seconds.Validate),
            ("Decide and deliver", seconds.Route),
            ("Make the print files", seconds.Compose),
            ("Hand off", seconds.Handoff),
        };
        var longest = Math.Max(stages.Max(stage => stage.Seconds), double.Epsilon);
        var section = HtmlText.Of($"<section>\n<h2>Time per stage</h2>\n<table class=\"bars\"><tbody>\n");
        foreach (var stage in stages)
        {
            section.Add($"<tr><td class=\"s\">{stage.Name}</td>")
                .Add($"<td>{ReportPicture.Bar("digital", stage.Seconds / longest)}</td>")
                .Add($"<td class=\"n\">{DanishText.Seconds(stage.Seconds)}</td></tr>\n");
        }

        return section.Add($"</tbody><tfoot><tr><td>From start to end</td><td></td>")
            .Add($"<td class=\"n\">{DanishText.Seconds(seconds.Total)}</td></tr></tfoot></table>\n</section>\n");
    }

    static HtmlText Totals(IEnumerable<BatchFacts> group)
    {
        var batches = group.Select(batch => batch.Reported).ToList();
        return HtmlText.Of($"<td class=\"n\">{DanishText.Count(batches.Count)}</td>")
            .Add($"<td class=\"n\">{DanishText.Count(batches.Sum(batch => (long)batch.Pieces))}</td>")
            .Add($"<td class=\"n\">{DanishText.Count(batches.Sum(batch => (long)batch.Pages))}</td>")
            .Add($"<td class=\"n\">{DanishText.Count(batches.Sum(batch => (long)batch.Sheets))}</td>");
    }
}
