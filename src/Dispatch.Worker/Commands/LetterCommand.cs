using System.CommandLine;
using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Mailbox;
using Dispatch.Worker.Reporting;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch letter JOB --row N --out FILE.pdf</c>: the letter of one row, digital or paper.</summary>
static class LetterCommand
{
    static readonly Option<int> Row = RowOption.One();

    static readonly Option<string> Out = new("--out")
    {
        Description = "File to write",
        HelpName = "FILE.pdf",
        Required = true,
    };

    static readonly Option<string> Reason = new("--reason")
    {
        Description = "Why the letter is read; goes to the audit trail",
        HelpName = "TEXT",
        Required = true,
    };

    public static Command Create()
    {
        var command = new Command("letter", "Render the letter of one row as PDF; audited");
        command.Add(ReportCommand.Job);
        command.Add(Row);
        command.Add(Out);
        command.Add(Reason);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            var reason = OperatorReason.Check(parsed.GetRequiredValue(Reason));
            var file = LetterFile.Check(parsed.GetRequiredValue(Out));
            await using var engine = await Engine.OpenAsync(context, migrate: false, ct);
            var pages = await RenderAsync(
                engine, parsed.GetRequiredValue(ReportCommand.Job), parsed.GetValue(Row), file, reason, ct);
            context.Write(new { file, pages }, made => $"{made.pages} pages in '{made.file}'.");
            return ExitCode.Done;
        }));
        return command;
    }

    static async Task<int> RenderAsync(
        Engine engine, string name, int row, string file, string reason, CancellationToken ct)
    {
        var job = await AcceptedJob.LoadAsync(engine.Db, name, ct);
        if (job.ReleaseDate is not { } letterDate)
        {
            throw new DispatchException(
                "letter.none", $"job {job.JobId} was not released yet; expected a job that was sent", ExitCode.Usage);
        }

        var layout = await JobLetter.LayOutAsync(engine.Db, job, letterDate, engine.Fonts, ct);
        using var key = await job.OpenKeyAsync(engine.Keys, ct);
        var values = await StoredLetter.OpenAsync(
            engine.Db, job, row, layout.Template.Columns.Count, key, Operator.Name, reason, ct);
        return LetterFile.Write(file, layout, job.Order.Title, overlay: null, letters => letters.Append(values).Pages);
    }
}
