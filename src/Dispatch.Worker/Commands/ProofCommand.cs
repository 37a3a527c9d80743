using System.CommandLine;
using System.Globalization;
using Dispatch.PrintExport.Handoff;
using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Pdf;
using Dispatch.Routing;
using Dispatch.Routing.Pipeline;
using Dispatch.Routing.Rules;
using Dispatch.Worker.Database;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Dispatching;
using Dispatch.Worker.Intake;
using Dispatch.Worker.Mailbox;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch proof JOBDIR --rows 1-20 --out FILE.pdf [--overlay]</c>: letters of a job that is not
/// submitted.
/// </summary>
static class ProofCommand
{
    const int RowsMax = 1_000;

    static readonly Option<string> Rows = new("--rows")
    {
        Description = "Data rows of the list: 1-20,35",
        HelpName = "ROWS",
        Required = true,
    };

    static readonly Option<string> Out = new("--out")
    {
        Description = "File to write",
        HelpName = "FILE.pdf",
        Required = true,
    };

    static readonly Option<bool> Overlay = new("--overlay")
    {
        Description = "Show window, margins and sheet-mark strip below the letters",
    };

    public static Command Create()
    {
        var command = new Command("proof", "Render letters of a job before it is submitted; audited");
        command.Add(RunCommand.JobFolder);
        command.Add(Rows);
        command.Add(Out);
        command.Add(Overlay);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            var file = LetterFile.Check(parsed.GetRequiredValue(Out));
            await using var engine = await Engine.OpenAsync(context, migrate: false, ct);
            var proof = await DrawAsync(context, engine, parsed, file, ct);
            context.Write(proof, Text);
            foreach (var row in proof.NotDrawn)
            {
                CommandContext.Warn("proof.not_drawn", $"row {row.Row}: {row.Reason} {row.Detail}".TrimEnd());
            }

            return proof.NotDrawn.Count == 0 ? ExitCode.Done : ExitCode.DoneWithExceptions;
        }));
        return command;
    }

    static async Task<Proof> DrawAsync(
        CommandContext context, Engine engine, ParseResult parsed, string file, CancellationToken ct)
    {
        var folder = parsed.GetRequiredValue(RunCommand.JobFolder);
        var stage = context.Progress.Begin("validate");
        using var job = await JobFolder.CheckAsync(folder, engine.Intake, stage, ct);
        stage.Finish();
        var rows = RowRanges.ParseWithin(parsed.GetRequiredValue(Rows), job.List.Rows, out var isCut);
        if (isCut)
        {
            CommandContext.Warn(
                "proof.rows_cut",
                $"--rows goes on behind row {job.List.Rows}, with which the list ends; drawn are {rows}");
        }

        if (rows.Count > RowsMax)
        {
            throw new DispatchException(
                "proof.rows", $"--rows names {rows.Count} rows, expected {RowsMax} at most; a proof is looked at by "
                + "people",
                ExitCode.Usage);
        }

        var today = DanishTime.DateOf(context.Time.GetUtcNow());
        var layout = LetterLayout.Create(job.Template, JobLetter.SettingOf(job.Order, today), engine.Fonts);
        var routed = await RouteAsync(engine, job, JobRouting.Of(job.Order, job.List.Columns, layout, today), rows, ct);
        return Compose(file, layout, job.Order.Title, routed, parsed.GetValue(Overlay));
    }

    // Rows behind the last one asked for cannot change what comes of it.
    static async Task<IReadOnlyList<ProofRow>> RouteAsync(
        Engine engine, CheckedJob job, JobRouting routing, RowRanges rows, CancellationToken ct)
    {
        using var list = SpooledList.Open(job.ListPath);
        var source = new ListSource(list, job.Key);
        IReadOnlyList<JobChunk> chunks = [.. job.Chunks.Where(chunk => chunk.FirstRow <= rows.Last)];
        using var view = engine.Opening.ViewOf(job.Order, routing, chunks, source);
        var plan = await engine.Planner.PlanAsync(routing, chunks, source, view, measuresAll: false, ct);
        await Trail.NoteAsync(
            engine.Db, Operator.Name, "proof", null,
            $"{job.Order.Sender.Cvr}/{job.Order.Reference} {Convert.ToHexStringLower(job.ContentSha256)} rows {rows}",
            ct);
        var register = await view.CurrentAsync(ct);
        return await new ProofPass(routing, register, engine.Register.Addresses, source, plan)
            .RunAsync(chunks, rows.Ranges, ct);
    }

    static Proof Compose(
        string file, LetterLayout layout, string title, IReadOnlyList<ProofRow> rows, bool hasOverlay)
    {
        var notDrawn = rows.Where(row => row.Values is null)
            .Select(row => new RowNotDrawn(row.RowNo, row.Reason.Channel().Effect(), row.Reason.Code(), row.Detail));
        if (rows.All(row => row.Values is null))
        {
            return new(null, [], [.. notDrawn]); // a PDF without a page is none
        }

        var overlay = hasOverlay ? ProofOverlay.For(layout) : null;
        var drawn = LetterFile.Write(file, layout, title, overlay, letters => Append(letters, layout, rows));
        return new(file, drawn, [.. notDrawn]);
    }

    static List<RowDrawn> Append(LetterFileWriter letters, LetterLayout layout, IReadOnlyList<ProofRow> rows)
    {
        var drawn = new List<RowDrawn>();
        var values = new LetterValues(layout.Template.Columns.Count);
        foreach (var row in rows.Where(row => row.Values is not null))
        {
            values.Load(row.Values);
            var pages = letters.Append(values);
            drawn.Add(new(
                row.RowNo, row.Reason.Channel().Effect(), row.Reason.Code(), pages.FirstPage, pages.Pages));
        }

        return drawn;
    }

    static string Text(Proof proof) => string.Join('\n',
    [
        .. proof.Rows.Select(row => string.Create(
            CultureInfo.InvariantCulture,
            $"row {row.Row}: {row.Effect} {row.Reason}, page {row.FirstPage}, {CountText.Of(row.Pages, "page")}")),
        proof.File is null
            ? "No letter to draw; no file was written."
            : $"{CountText.Of(proof.Rows.Count, "letter")} in '{proof.File}'.",
    ]);

    sealed record Proof(string? File, IReadOnlyList<RowDrawn> Rows, IReadOnlyList<RowNotDrawn> NotDrawn);

    sealed record RowDrawn(int Row, string Effect, string Reason, int FirstPage, int Pages);

    sealed record RowNotDrawn(int Row, string Effect, string Reason, string Detail);
}
