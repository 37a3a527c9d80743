using System.Globalization;
using Dispatch.Worker.Database;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Retention;
using Dispatch.Worker.Scheduling;
using Microsoft.Extensions.Logging;

namespace Dispatch.Worker.Commands.Serving;

/// <summary>The nightly run: its steps one after the other, each safe to repeat. A run that was interrupted is made
/// again from its beginning, for the same date.</summary>
sealed class NightlyDesk(CommandContext context, Engine engine, NightlyRuns runs, string node, Duty duty)
{
    readonly ILogger _logger = context.Logs.CreateLogger(nameof(Serving));

    // What else is to be done at night is a line here.
    NightlyStep[] Steps =>
    [
        new("purge", PurgeAsync),
        new("audit", AuditAsync),
        new("trail", ExportTrailAsync),
    ];

    public async Task RunAsync()
    {
        if (!duty.MayTake)
        {
            return;
        }

        var shown = "";
        try
        {
            var ct = duty.Stopping;
            await using var sole = await SessionLock.TryTakeAsync(engine.Db, "nightly", ct);
            if (sole is null || await runs.FindDueAsync(ct) is not { } date || !await runs.BeginAsync(date, node, ct))
            {
                return;
            }

            shown = date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var outcome = await RunStepsAsync(ct);
            await Trail.NoteAsync(engine.Db, Operator.Name, "nightly", null, $"{shown}: {outcome}", ct);
            await runs.EndAsync(date, outcome, ct);
            Log.Nightly(_logger, shown, outcome);
        }
        catch (Exception) when (duty.Stopping.IsCancellationRequested)
        {
            // Another worker makes the run again.
        }
        catch (Exception fault)
        {
            var failure = Failure.From(fault, null, context);
            Log.NightlyFailed(_logger, shown, failure.Code);
            failure.Log(context.Logs, fault);
        }
    }

    async Task<string> RunStepsAsync(CancellationToken ct)
    {
        var outcomes = new List<string>();
        foreach (var step in Steps)
        {
            outcomes.Add($"{step.Name} {await step.RunAsync(ct)}");
        }

        return string.Join("; ", outcomes);
    }

    async Task<string> PurgeAsync(CancellationToken ct)
    {
        var run = new PurgeRun(engine.Db, context.Folder, context.Settings.Retention, context.Time, Operator.Name);
        var result = await run.RunAsync(isDryRun: false, context.Progress, ct);
        var open = result.Classes.Where(c => !c.IsAgreed).Select(c => c.Class).ToList();
        return open.Count > 0
            ? $"done but for {string.Join(", ", open)}, which two operators must want"
            : result.Busy.Count == 0
            ? "done"
            : string.Create(CultureInfo.InvariantCulture, $"done but for {result.Busy.Count} busy jobs");
    }

    async Task<string> AuditAsync(CancellationToken ct) =>
        AuditCommand.Summary(await AuditCommand.AuditAsync(context, engine.Db, jobId: null, ct));

    async Task<string> ExportTrailAsync(CancellationToken ct)
    {
        await Engine.ExportTrailAsync(context, engine.Db, ct);
        return "exported";
    }
}
