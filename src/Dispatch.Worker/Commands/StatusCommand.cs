using System.CommandLine;
using System.Globalization;
using Dispatch.Routing;
using Dispatch.Worker.Reporting;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch status [JOB]</c>: what is running, waiting and done.</summary>
static class StatusCommand
{
    static readonly Argument<string?> Job = new("JOB")
    {
        Description = "The job's id, or SENDERCVR/REFERENCE; all jobs when left out",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Create()
    {
        var command = new Command("status", "Tell where jobs stand: running, waiting for what and until when, done");
        command.Add(Job);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            if (parsed.GetValue(Job) is { } name)
            {
                var jobId = await JobName.ResolveAsync(database.DataSource, name, ct);
                var status = await JobStatus.FindAsync(database.DataSource, jobId, ct);
                context.Write(status.ToJson(), () => Line(status));
                return ExitCode.Done;
            }

            var all = await JobStatus.ListAsync(database.DataSource, ct);
            context.Write(all, jobs => jobs.Count == 0 ? "No jobs." : string.Join('\n', jobs.Select(Line)));
            return ExitCode.Done;
        }));
        return command;
    }

    static string Line(JobStatus job)
    {
        var c = CultureInfo.InvariantCulture;
        var line = string.Create(
            c, $"{job.Id,6}  {job.State,-17} {job.Sender}/{job.Reference}  {job.Decided:N0} of {job.Rows:N0} rows decided");
        if (job.Batches > 0)
        {
            line += string.Create(c, $", {job.BatchesHandedOff:N0} of {job.Batches:N0} batches handed off");
        }

        if (job.IsLive)
        {
            line += ", at work now";
        }

        if (job.WaitsFor is { } reason)
        {
            line += $"; waits for {reason}";
        }

        return job.WaitsUntil is { } until ? line + string.Create(c, $" until {until:yyyy-MM-dd HH:mm} UTC") : line;
    }
}
