using System.CommandLine;
using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Reporting;
using Dispatch.Worker.Reporting.Audit;
using Npgsql;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch audit [JOB]</c>: proves the ledger.</summary>
static class AuditCommand
{
    static readonly Argument<string?> Job = new("JOB")
    {
        Description = "The job's id, or SENDERCVR/REFERENCE; all jobs when left out",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Create()
    {
        var command = new Command("audit", "Prove that every row has exactly one effect, and name what fails");
        command.Add(Job);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            var job = parsed.GetValue(Job);
            int? jobId = job == null ? null : await JobName.ResolveAsync(database.DataSource, job, ct);
            var result = await AuditAsync(context, database.DataSource, jobId, ct);
            await Engine.ExportTrailAsync(context, database.DataSource, ct);
            context.Write(result.ToJson(), () => Text(result));
            return result.IsClean ? ExitCode.Done : ExitCode.AuditViolation;
        }));
        return command;
    }

    /// <summary>Proves the ledger and says so in the trail.</summary>
    internal static async Task<AuditResult> AuditAsync(
        CommandContext context, NpgsqlDataSource db, int? jobId, CancellationToken ct)
    {
        var result = await LedgerAudit.RunAsync(
            db, jobId, context.Folder.Outbox, context.Folder.Receipts, context.Folder.Reports, context.Time, ct);
        await Trail.NoteAsync(db, Operator.Name, "audit", jobId, Summary(result), ct);
        return result;
    }

    internal static string Summary(AuditResult audit) => audit.IsClean ? "proved" : "violated: " + string.Join(
        ", ", audit.Invariants.Where(i => i.State == InvariantState.Violated).Select(i => i.Id));

    static string Text(AuditResult audit) => string.Join('\n', audit.Invariants)
        + string.Concat(
            audit.ForgottenJobs.Select(job => $"\nkey.forgotten: nobody can open the letters of job {job} again"))
        + (audit.IsClean ? "\nThe ledger is proved." : "\nThe ledger is VIOLATED.");
}
