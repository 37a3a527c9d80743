using System.CommandLine;
using System.Globalization;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Dispatching.Control;
using Dispatch.Worker.Reporting;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch rate JOB --per-hour N|none --reason T</c>: how fast a job goes out at most.</summary>
static class RateCommand
{
    const string NoLimit = "none";

    static readonly Option<string> PerHour = new("--per-hour")
    {
        Description = "Letters an hour at most; none takes the limit away",
        HelpName = "N|none",
        Required = true,
    };

    public static Command Create()
    {
        var command = new Command("rate", "Limit how many letters of a job go out in an hour");
        command.Add(ReportCommand.Job);
        command.Add(PerHour);
        command.Add(CancelCommand.Reason);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            var perHour = Parse(parsed.GetRequiredValue(PerHour));
            var reason = OperatorReason.Check(parsed.GetRequiredValue(CancelCommand.Reason));
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            var jobId = await JobName.ResolveAsync(database.DataSource, parsed.GetRequiredValue(ReportCommand.Job), ct);
            var rate = await JobRate.SetAsync(database.DataSource, jobId, perHour, Operator.Name, reason, ct);
            context.Write(
                new { id = $"{jobId}", state = rate.State, perHour = rate.Pace, chunkRows = rate.ChunkRows },
                _ => $"Job {jobId}: {Text(rate)}");
            return ExitCode.Done;
        }));
        return command;
    }

    static int? Parse(string text) => text == NoLimit ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var perHour) && perHour > 0 ? perHour
        : throw new DispatchException(
            "rate.per_hour", $"--per-hour is no rate; expected a whole number from 1 to {int.MaxValue}, or {NoLimit}",
            ExitCode.Usage);

    static string Text(JobRate rate) => rate.Pace is { } pace
        ? string.Create(
            CultureInfo.InvariantCulture, $"at most {pace:N0} letters an hour, up to {rate.ChunkRows:N0} at a time.")
        : "no limit.";
}
