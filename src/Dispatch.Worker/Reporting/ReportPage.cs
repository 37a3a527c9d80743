using System.Globalization;

namespace Dispatch.Worker.Reporting;

/// <summary>
/// <c>report.html</c>: one page that needs no network and no script, for whoever answers for the send. Read from the
/// top it says what was sent, whether every row is accounted for, how the rows split, why, on which paper, how fast.
/// </summary>
static class ReportPage
{
    public static string Render(ReportFacts facts, JobReport report)
    {
        var page = HtmlText.Of($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>{facts.Title} · {facts.SenderName}</title>
            <style>
            """).AddStyle(ReportStyle.Css).Add($"""
            </style>
            </head>
            <body>
            <main>

            """);
        page.Add(Head(facts)).Add(Verdict(facts, report)).Add(Split(facts, report)).Add(Figures(facts, report));
        page.Add(ReportTables.Reasons(facts)).Add(ReportTables.Paper(facts)).Add(ReportTables.Batches(facts));
        page.Add(ReportTables.Stages(facts)).Add(Foot(facts));
        return page.Add($"</main>\n</body>\n</html>\n").ToString();
    }

    static HtmlText Head(ReportFacts facts)
    {
        var head = HtmlText.Of($"""
            <header>
            <div class="sender">{facts.SenderName} · CVR {facts.SenderCvr}</div>
            <h1>{facts.Title} <span class="state {facts.State}">{facts.State.Replace('_', ' ')}</span></h1>
            <p class="facts"><span>Reference {facts.Reference}</span><span>Job {Plain(facts.JobId)}</span>
            """);
        if (facts.ReleaseDate is { } release)
        {
            head.Add($"<span>Letter date {DanishText.Date(release)}</span>");
        }

        if (facts.NotBefore is { } notBefore)
        {
            head.Add($"<span>In the mailboxes from {DanishText.Moment(notBefore)}</span>");
        }

        if (facts.CompletedAt is { } completed)
        {
            head.Add($"<span>Completed {DanishText.Moment(completed)}</span>");
        }

        return head.Add($"</p>\n</header>\n");
    }

    static HtmlText Verdict(ReportFacts facts, JobReport report)
    {
        var missing = facts.Rows - facts.Proof.DistinctRows;
        if (report.Balanced)
        {
            return HtmlText.Of($"""
                <section class="verdict good">
                <svg width="30" height="30" viewBox="0 0 30 30" aria-hidden="true"><circle cx="15" cy="15" r="15"
                fill="currentColor"/><path d="M8 15.5l5 5 9-10" fill="none" stroke="#fff" stroke-width="3"/></svg>
                <div>Balanced: yes. Every one of {DanishText.Count(facts.Rows)} rows has exactly one outcome.
                <small>Counted from the letters, print pieces, held and refused rows themselves, row by
                row.</small></div>
                </section>

                """);
        }

        return HtmlText.Of($"""
            <section class="verdict bad">
            <svg width="30" height="30" viewBox="0 0 30 30" aria-hidden="true"><circle cx="15" cy="15" r="15"
            fill="currentColor"/><path d="M15 7v10M15 20v3" fill="none" stroke="#fff" stroke-width="3"/></svg>
            <div>Balanced: no. {DanishText.Count(missing)} of {DanishText.Count(facts.Rows)} rows have no outcome,
            and {DanishText.Count(facts.Proof.RepeatedEffects)} outcomes repeat a row.
            <small>Rows of a job that has not finished have no outcome yet; otherwise “dispatch audit
            {Plain(facts.JobId)}” names them.</small></div>
            </section>

            """);
    }

    static HtmlText Split(ReportFacts facts, JobReport report)
    {
        var slices = new List<SplitSlice>
        {
            new("Digital", "digital", report.Digital),
            new("Paper", "paper", report.Paper),
            new("Held", "held-rows", report.Held),
            new("Refused", "refused-rows", report.Refused),
        };
        var open = Math.Max(0, facts.Rows - facts.Proof.Effects);
        if (open > 0)
        {
            slices.Add(new("No outcome yet", "open", open));
        }

        var section = HtmlText.Of($"<section>\n<h2>How the letters went</h2>\n")
            .Add(ReportPicture.Split(slices, facts.Rows))
            .Add($"\n<div class=\"legend\">\n");
        foreach (var slice in slices)
        {
            section.Add($"""
                <div><span><i class="dot {slice.Style}"></i>{slice.Name}</span><b>{DanishText.Count(slice.Rows)}</b>
                <span>{DanishText.Share(slice.Rows, facts.Rows)}</span></div>

                """);
        }

        return section.Add($"</div>\n</section>\n");
    }

    static HtmlText Figures(ReportFacts facts, JobReport report)
    {
        var printed = facts.Batches.Select(batch => batch.Reported).ToList();
        return HtmlText.Of($"""
            <section>
            <h2>Key figures</h2>
            <dl class="figures">
            <div><dt>Rows in the list</dt><dd>{DanishText.Count(facts.Rows)}</dd></div>
            <div><dt>Envelopes</dt><dd>{DanishText.Count(printed.Sum(batch => (long)batch.Pieces))}</dd></div>
            <div><dt>Pages</dt><dd>{DanishText.Count(printed.Sum(batch => (long)batch.Pages))}</dd></div>
            <div><dt>Sheets</dt><dd>{DanishText.Count(printed.Sum(batch => (long)batch.Sheets))}</dd></div>
            <div><dt>Print batches</dt><dd>{DanishText.Count(printed.Count)}</dd></div>
            <div><dt>Time</dt><dd>{DanishText.Seconds(report.Seconds.Total)}</dd></div>
            <div><dt>Letters per hour</dt><dd>{DanishText.Count(report.LettersPerHour)}</dd></div>
            </dl>
            </section>

            """);
    }

    static HtmlText Foot(ReportFacts facts)
    {
        var foot = HtmlText.Of($"<footer><p>Beside this page: report.json, refused.csv, held.csv. ");
        foreach (var use in facts.RuleSets)
        {
            var register = use.RegisterVersion is { } version ? $" with register version {version}" : "";
            foot.Add($"Decided by rule set {use.RuleSet}{register}. ");
        }

        return foot.Add($"Times are Danish local time.</p></footer>\n");
    }

    static string Plain(int number) => number.ToString(CultureInfo.InvariantCulture);
}
