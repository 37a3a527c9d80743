using System.CommandLine;
using Dispatch.Routing;
using Dispatch.Worker.Reporting;
using Dispatch.Worker.Reporting.Audit;

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
            var result = await LedgerAudit.RunAsync(database.DataSource, jobId, context.Folder.Outbox, context.Time, ct);
            context.Write(result.ToJson(), () => Text(result));
            return result.IsClean ? ExitCode.Done : ExitCode.AuditViolation;
        }));
        return command;
    }

    static string Text(AuditResult audit) => string.Join('\n', audit.Invariants)
        + string.Concat(audit.ForgottenJobs.Select(job => $"\nkey.forgotten: nobody can open the letters of job {job} again"))
        + (audit.IsClean ? "\nThe ledger is proved." : "\nThe ledger is VIOLATED.");
}
