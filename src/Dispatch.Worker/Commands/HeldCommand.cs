using System.CommandLine;
using System.Globalization;
using Dispatch.Routing;
using Dispatch.Routing.Rules;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Dispatching;
using Dispatch.Worker.Reporting;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch held list|release|refuse JOB</c>: what an operator does about held rows.</summary>
static class HeldCommand
{
    static readonly Option<int[]> Rows = RowOption.Several();

    static readonly Option<string> Reason = new("--reason")
    {
        Description = "Why, for the trail",
        HelpName = "TEXT",
        Required = true,
    };

    public static Command Create()
    {
        var held = new Command("held", "Rows that wait for an operator");
        held.Add(CreateList());
        held.Add(CreateRelease());
        held.Add(CreateRefuse());
        return held;
    }

    static Command CreateList()
    {
        var command = new Command("list", "List the held rows of a job");
        command.Add(ReportCommand.Job);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            var jobId = await JobName.ResolveAsync(database.DataSource, parsed.GetRequiredValue(ReportCommand.Job), ct);
            var rows = new List<ShownRow>();
            await foreach (var row in new HeldRows(database.DataSource).ListAsync(jobId, ct))
            {
                rows.Add(new(row.Row, row.Reference, row.Reason.Code(), row.Detail, row.Since, row.Votes));
            }

            context.Write(rows, Text);
            return ExitCode.Done;
        }));
        return command;
    }

    static Command CreateRelease()
    {
        var command = new Command("release", "Decide held rows again with today's register");
        command.Add(ReportCommand.Job);
        command.Add(Rows);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            await using var engine = await Engine.OpenAsync(context, migrate: false, ct);
            var job = await AcceptedJob.LoadAsync(engine.Db, parsed.GetRequiredValue(ReportCommand.Job), ct);
            await using var sole = await JobLock.AcquireAsync(engine.Db, job.JobId, context.Time, ct);
            var outcomes = await new HeldRows(engine.Db).ReleaseAsync(
                job.JobId, parsed.GetRequiredValue(Rows), Operator.Name,
                (connection, transaction, rows, stop) => HeldRelease.RunAsync(
                    engine.Opening, engine.Register.Addresses, job, connection, transaction,
                    [.. rows.Select(row => row.Row)], Operator.Name, stop),
                ct);
            if (job.State == JobStates.Completed && outcomes.Any(outcome => outcome.Effect == "paper"))
            {
                await JobRun.PrintAsync(context, engine, job.JobId, ct);
            }

            context.Write(outcomes, Text);
            return ExitCode.Done;
        }));
        return command;
    }

    static Command CreateRefuse()
    {
        var command = new Command("refuse", "Refuse held rows for good");
        command.Add(ReportCommand.Job);
        command.Add(Rows);
        command.Add(Reason);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            var jobId = await JobName.ResolveAsync(database.DataSource, parsed.GetRequiredValue(ReportCommand.Job), ct);
            var outcomes = await new HeldRows(database.DataSource).RefuseAsync(
                jobId, parsed.GetRequiredValue(Rows), Operator.Name, parsed.GetRequiredValue(Reason), ct);
            context.Write(outcomes, Text);
            return ExitCode.Done;
        }));
        return command;
    }

    static string Text(IReadOnlyList<ShownRow> rows) => rows.Count == 0
        ? "No held rows."
        : string.Join('\n', rows.Select(row => string.Create(
            CultureInfo.InvariantCulture,
            $"row {row.Row}: {row.Reason} since {row.Since:yyyy-MM-dd HH:mm} {row.Reference}")));

    static string Text(IReadOnlyList<HeldOutcome> outcomes) =>
        string.Join('\n', outcomes.Select(outcome => outcome.Step switch
    {
        HeldStep.AwaitsSecondOperator => $"row {outcome.Row}: noted; another operator must release it too",
        HeldStep.HeldAgain => $"row {outcome.Row}: held again",
        HeldStep.Unchanged => $"row {outcome.Row}: was done before ({outcome.Effect})",
        _ => $"row {outcome.Row}: {outcome.Effect}",
    }));

    readonly record struct ShownRow(int Row, string Reference, string Reason, string Detail, DateTime Since, int Votes);
}
