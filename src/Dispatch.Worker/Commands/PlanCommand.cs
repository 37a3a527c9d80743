using System.CommandLine;
using System.Globalization;
using System.Text;
using Dispatch.PrintExport.Handoff;
using Dispatch.PrintExport.Layout;
using Dispatch.Routing;
using Dispatch.Routing.Rules;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Dispatching;
using Dispatch.Worker.Intake;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch plan JOBDIR</c>: the dry run.</summary>
static class PlanCommand
{
    // Beside its values a letter takes a row header, fixed columns and index entries. Both are estimates.
    const int RowBytes = 130;
    const int PageBytes = 1_500;

    const string Approval = "approval";
    const string Moment = "notBefore";

    public static Command Create()
    {
        var command = new Command("plan", "Read and route everything, send nothing: what a run would do");
        command.Add(RunCommand.JobFolder);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            await using var engine = await Engine.OpenAsync(context, migrate: false, ct);
            var forecast = await PlanAsync(context, engine, parsed.GetRequiredValue(RunCommand.JobFolder), ct);
            context.Write(forecast, Text);
            return ExitCode.Done;
        }));
        return command;
    }

    static async Task<Forecast> PlanAsync(CommandContext context, Engine engine, string folder, CancellationToken ct)
    {
        var stage = context.Progress.Begin("validate");
        using var job = await JobFolder.CheckAsync(folder, engine.Intake, stage, ct);
        stage.Finish();
        var today = DanishTime.DateOf(context.Time.GetUtcNow());
        var layout = LetterLayout.Create(job.Template, JobLetter.SettingOf(job.Order, today), engine.Fonts);
        var routing = JobRouting.Of(job.Order, job.List.Columns, layout, today);
        using var list = SpooledList.Open(job.ListPath);
        var source = new ListSource(list, job.Key);
        using var view = engine.Opening.ViewOf(job.Order, routing, job.Chunks, source);
        var plan = await engine.Planner.PlanAsync(routing, job.Chunks, source, view, measuresAll: true, ct);
        return Forecast.Of(job, plan, context.Time.GetUtcNow());
    }

    static string Text(Forecast plan)
    {
        var c = CultureInfo.InvariantCulture;
        var text = new StringBuilder();
        text.Append(c, $"{CountText.Of(plan.Rows, "row")}: {plan.Digital:N0} digital, {plan.Paper:N0} paper, ")
            .AppendLine(c, $"{plan.Held:N0} held, {plan.Refused:N0} refused");
        foreach (var (reason, rows) in plan.Reasons)
        {
            text.AppendLine(c, $"  {reason,-38} {rows,12:N0}");
        }

        foreach (var paper in plan.Classes)
        {
            text.AppendLine(
                $"  {paper.Class}: {CountText.Of(paper.Pieces, "piece")}, {CountText.Of(paper.Pages, "page")}, "
                + CountText.Of(paper.Sheets, "sheet"));
        }

        foreach (var row in plan.FirstRefused)
        {
            text.AppendLine(string.Create(c, $"  row {row.RowNo}: {row.Reason} {row.Detail}").TrimEnd());
        }

        text.AppendLine(c, $"Disk needed: about {plan.DiskBytes / (1 << 20):N0} MiB");
        text.Append(plan.WouldBeHeld
            ? "A run would stop in state held: more rows would be refused than stopAtRefusedShare allows."
            : plan.WaitsFor switch
            {
                Approval => "A run would wait for approval by another operator, and then go through.",
                Moment => "A run would wait for its notBefore, and then go through.",
                _ => "A run would go through.",
            });
        return text.ToString();
    }

    sealed record Forecast(
        long Rows, long Digital, long Paper, long Held, long Refused, IReadOnlyDictionary<string, long> Reasons,
        IReadOnlyList<PaperClass> Classes, long DiskBytes, bool WouldBeHeld, string? WaitsFor,
        IReadOnlyList<RefusedRow> FirstRefused)
    {
        public static Forecast Of(CheckedJob job, JobPlan plan, DateTimeOffset now)
        {
            var counts = plan.Counts;
            var paper = counts.Paper.Select(
                pair => new PaperClass($"{pair.Key}", pair.Value.Pieces, pair.Value.Pages, pair.Value.Sheets));
            var rows = counts.Rows;
            return new(
                rows, counts[Channel.Digital], counts[Channel.Paper], counts[Channel.Held], counts[Channel.Refused],
                counts.Reasons.ToDictionary(
                    pair => $"{pair.Key.Channel().Effect()}.{pair.Key.Code()}", pair => pair.Value),
                [.. paper], job.List.Bytes + plan.ValueBytes + rows * RowBytes + counts.Paper.Values.Sum(
                    value => value.Pages) * PageBytes,
                plan.RefusesTooMany(job.Order.StopAtRefusedShare),
                job.Order.NeedsApproval ? Approval : job.Order.NotBefore > now ? Moment : null, plan.FirstRefused);
        }
    }

    readonly record struct PaperClass(string Class, long Pieces, long Pages, long Sheets);
}
