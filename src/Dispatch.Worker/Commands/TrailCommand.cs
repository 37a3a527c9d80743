using System.CommandLine;
using System.Globalization;
using System.Text;
using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Reporting;
using Dispatch.Worker.Reporting.Audit;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch trail --from T [--to T] [--actor LOGIN] [--job JOB] [--out FILE] --reason T</c>: who did what,
/// and whose letters it touched; what a breach is answered from.</summary>
static class TrailCommand
{
    static readonly Option<string> From = new("--from")
    {
        Description = "From when on: 2026-03-09 or 2026-03-09T06:00:00, UTC",
        HelpName = "TIME",
        Required = true,
    };

    static readonly Option<string?> To = new("--to")
    {
        Description = "Until before when; now when left out",
        HelpName = "TIME",
    };

    static readonly Option<string?> Actor = new("--actor")
    {
        Description = "Only what this login did",
        HelpName = "LOGIN",
    };

    static readonly Option<string?> Job = new("--job")
    {
        Description = "Only what concerns this job",
        HelpName = "JOB",
    };

    static readonly Option<string?> Out = new("--out") { Description = "Write every event, as CSV", HelpName = "FILE" };

    static readonly Option<string> Reason = new("--reason")
    {
        Description = "Why, for the trail",
        HelpName = "TEXT",
        Required = true,
    };

    public static Command Create()
    {
        var command = new Command("trail", "Tell who did what, from the trail only, and whose letters it touched");
        foreach (var option in new Option[] { From, To, Actor, Job, Out, Reason })
        {
            command.Add(option);
        }

        command.SetAction(
            (parsed, _) => CommandContext.RunAsync(parsed, (context, ct) => RunAsync(context, parsed, ct)));
        return command;
    }

    static async Task<ExitCode> RunAsync(CommandContext context, ParseResult parsed, CancellationToken ct)
    {
        var reason = OperatorReason.Check(parsed.GetRequiredValue(Reason));
        var from = TrailQuestion.ParseTime(parsed.GetRequiredValue(From));
        var to = parsed.GetValue(To) is { } until ? TrailQuestion.ParseTime(until) : context.Time.GetUtcNow();
        await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
        var db = database.DataSource;
        int? job = parsed.GetValue(Job) is { } name ? await JobName.ResolveAsync(db, name, ct) : null;
        var question = new TrailQuestion(from, to, parsed.GetValue(Actor), job);
        await Trail.NoteAsync(db, Operator.Name, "trail_report", job, reason, ct);

        var exported = await TrailExport.ReadAsync(context.Folder.Reports, ct);
        await using var snapshot = await LedgerSnapshot.OpenAsync(db, ct);
        var chain = await TrailAudit.RunAsync(new(snapshot, null, null), exported, context.Time, ct);
        var report = new TrailReport(snapshot, question);
        var (acts, touched) = (await report.FindActsAsync(ct), await report.FindTouchedAsync(ct));
        var file = parsed.GetValue(Out) is { } path ? Path.GetFullPath(path) : null;
        var events = file is null ? acts.Sum(act => act.Events) : await report.WriteEventsAsync(file, ct);
        var isProved = chain.State != InvariantState.Violated;
        var found = new TrailAnswer(question.ToString(), isProved, chain.Offenders, events, acts, touched, file);
        context.Write(found, Text);
        return isProved ? ExitCode.Done : ExitCode.AuditViolation;
    }

    static string Text(TrailAnswer found)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{found.Question}: {found.Events:N0} events.");
        text.AppendLine(found.IsProved
            ? "The trail is unbroken."
            : $"The trail is BROKEN, and proves nothing: {string.Join("; ", found.Faults)}");
        foreach (var act in found.Acts)
        {
            text.AppendLine(act.ToString());
        }

        if (found.Touched.Count > 0)
        {
            text.AppendLine("Whose letters were opened, listed or recalled:");
            foreach (var rows in found.Touched)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  {rows.Command}");
            }
        }

        return text.Append(found.File is null ? "" : $"Every event is in '{found.File}'.").ToString().TrimEnd();
    }

    /// <param name="Faults">Where the chain is broken.</param>
    /// <param name="File">Where every event was written; null when it was not asked for.</param>
    sealed record TrailAnswer(
        string Question, bool IsProved, IReadOnlyList<Offender> Faults, long Events, IReadOnlyList<TrailAct> Acts,
        IReadOnlyList<TouchedRows> Touched, string? File);
}
