using System.Globalization;
using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Register.Changes;
using Dispatch.Worker.Register.Enrolments;
using Dispatch.Worker.Reporting;
using Dispatch.Worker.Retention;
using Dispatch.Worker.Scheduling;
using Microsoft.Extensions.Logging;

namespace Dispatch.Worker.Commands.Serving;

/// <summary>The runs that are made once a date: their steps one after the other, each safe to repeat. A run that was
/// interrupted is made again from its beginning, for the same date.</summary>
sealed class DailyDesk(
    CommandContext context, Engine engine, IReadOnlyList<DailyRuns> schedules, string node, Duty duty)
{
    readonly ILogger _logger = context.Logs.CreateLogger(nameof(Serving));

    // What else is to be done is a line here.
    DailyStep[] StepsOf(WorkKind kind) => kind switch
    {
        WorkKind.Nightly =>
        [
            new("register", ApplyChangesAsync),
            new("enrolment", SearchEnrolmentsAsync),
            new("purge", PurgeAsync),
            new("audit", AuditAsync),
            new("trail", ExportTrailAsync),
        ],
        WorkKind.Deadlines => [new("receipts", TellOverdueAsync)],
        _ => [new("audit", AuditAsync), new("trail", ExportTrailAsync)],
    };

    public async Task RunAsync(WorkKind kind)
    {
        if (!duty.MayTake || schedules.FirstOrDefault(schedule => schedule.Kind == kind) is not { } runs)
        {
            return;
        }

        var shown = "";
        try
        {
            var ct = duty.Stopping;
            await using var sole = await SessionLock.TryTakeAsync(engine.Db, runs.Schedule, ct);
            if (sole is null || await runs.FindDueAsync(ct) is not { } date || !await runs.BeginAsync(date, node, ct))
            {
                return;
            }

            shown = date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var outcome = await RunStepsAsync(StepsOf(kind), ct);
            await Trail.NoteAsync(engine.Db, Operator.Name, ActionOf(kind), null, $"{shown}: {outcome.Text}", ct);
            await runs.EndAsync(date, outcome.Text, outcome.HasFailed, ct);
            Log.Ran(_logger, outcome.HasFailed ? LogLevel.Error : LogLevel.Information, runs.Schedule, shown, outcome.Text);
        }
        catch (Exception) when (duty.Stopping.IsCancellationRequested)
        {
            // Another worker makes the run again.
        }
        catch (Exception fault)
        {
            var failure = Failure.From(fault, null, context);
            Log.RunFailed(_logger, runs.Schedule, shown, failure.Code);
            failure.Log(context.Logs, fault);
        }
    }

    static string ActionOf(WorkKind kind) => kind switch
    {
        WorkKind.Nightly => "nightly",
        WorkKind.Deadlines => "deadlines",
        _ => "audit_run",
    };

    async Task<DailyOutcome> RunStepsAsync(DailyStep[] steps, CancellationToken ct)
    {
        var texts = new List<string>();
        var hasFailed = false;
        foreach (var step in steps)
        {
            var outcome = await RunAsync(step, ct);
            texts.Add($"{step.Name} {outcome.Text}");
            hasFailed |= outcome.HasFailed;
        }

        return new(string.Join("; ", texts), hasFailed);
    }

    // What will not go by itself keeps no other step from being done, and the night from ending; a database that is
    // away ends the run, which is then made again.
    async Task<DailyOutcome> RunAsync(DailyStep step, CancellationToken ct)
    {
        try
        {
            return await step.RunAsync(ct);
        }
        catch (Exception fault) when (!ct.IsCancellationRequested
            && Failure.From(fault, null, context) is { Exit: not ExitCode.TryAgain } failure)
        {
            failure.Log(context.Logs, fault);
            return new($"failed ({failure.Code})", HasFailed: true);
        }
    }

    async Task<DailyOutcome> ApplyChangesAsync(CancellationToken ct)
    {
        var counts = await RegisterChanges.ApplyDueAsync(engine.Db, context.Time.GetUtcNow(), ct);
        return new(string.Create(
            CultureInfo.InvariantCulture, $"{counts.Applied} changes applied, {counts.SetAside} set aside"));
    }

    async Task<DailyOutcome> SearchEnrolmentsAsync(CancellationToken ct)
    {
        var crossed = await EnrolmentSearch.RunAsync(engine.Db, context.Time.GetUtcNow(), ct);
        try
        {
            var jobs = await new OwnLetterDesk(context, engine).SubmitAsync(ct);
            return new(string.Create(CultureInfo.InvariantCulture, $"{crossed} crossed, {jobs} jobs of letters"));
        }
        catch (DispatchException fault) when (!fault.IsTransient)
        {
            // A sender that is set wrong must not keep the rest of the night's work from being done.
            return new(string.Create(CultureInfo.InvariantCulture, $"{crossed} crossed, letters wait ({fault.Code})"));
        }
    }

    async Task<DailyOutcome> PurgeAsync(CancellationToken ct)
    {
        var run = new PurgeRun(engine.Db, context.Folder, context.Settings.Retention, context.Time, Operator.Name);
        var result = await run.RunAsync(isDryRun: false, context.Progress, ct);
        var open = result.Classes.Where(c => !c.IsAgreed).Select(c => c.Class).ToList();
        return new(open.Count > 0
            ? $"done but for {string.Join(", ", open)}, which two operators must want"
            : result.Busy.Count == 0
            ? "done"
            : string.Create(CultureInfo.InvariantCulture, $"done but for {result.Busy.Count} busy jobs"));
    }

    async Task<DailyOutcome> AuditAsync(CancellationToken ct)
    {
        var audit = await AuditCommand.AuditAsync(context, engine.Db, jobId: null, ct);
        return new(AuditCommand.Summary(audit), HasFailed: !audit.IsClean);
    }

    // Nothing is sent again by itself: a person asks the print house.
    async Task<DailyOutcome> TellOverdueAsync(CancellationToken ct)
    {
        var papers = await PaperStatus.ReadAsync(engine.Db, jobId: null, context.Time, ct);
        var overdue = papers.Where(job => job.Value.BatchesOverdue > 0).OrderBy(job => job.Key).ToList();
        foreach (var (jobId, paper) in overdue)
        {
            Log.Overdue(_logger, jobId, paper.BatchesOverdue, paper.PiecesUnanswered);
        }

        return new(string.Create(
            CultureInfo.InvariantCulture,
            $"{overdue.Sum(job => job.Value.BatchesOverdue)} batches of {overdue.Count} jobs overdue, nothing known of "
            + $"{overdue.Sum(job => (long)job.Value.PiecesUnanswered)} pieces"));
    }

    async Task<DailyOutcome> ExportTrailAsync(CancellationToken ct)
    {
        await Engine.ExportTrailAsync(context, engine.Db, ct);
        return new("exported");
    }
}
