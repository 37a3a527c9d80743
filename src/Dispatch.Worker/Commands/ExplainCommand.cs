using System.CommandLine;
using System.Globalization;
using System.Text;
using Dispatch.Routing;
using Dispatch.Worker.Reporting;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch explain JOB --row N</c>: why a row went where it went.</summary>
static class ExplainCommand
{
    static readonly Option<int> Row = RowOption.One();

    public static Command Create()
    {
        var command = new Command("explain", "Tell why one row went where it went");
        command.Add(ReportCommand.Job);
        command.Add(Row);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            var jobId = await JobName.ResolveAsync(database.DataSource, parsed.GetRequiredValue(ReportCommand.Job), ct);
            var found = await RowExplanation.FindAsync(database.DataSource, jobId, parsed.GetValue(Row), ct);
            context.Write(found.ToJson(), () => Text(found));
            return ExitCode.Done;
        }));
        return command;
    }

    static string Text(RowExplanation row)
    {
        var c = CultureInfo.InvariantCulture;
        var text = new StringBuilder();
        text.AppendLine(c, $"Job {row.Job.Id} ({row.Job.Sender}/{row.Job.Reference}), row {row.Row}");
        if (row.Job.ForgottenAt is { } forgotten)
        {
            text.AppendLine(ReportCommand.Forgotten(forgotten));
        }

        if (row.Effect is null)
        {
            return text.Append(c, $"  {row.Meaning}").ToString();
        }

        var detail = row.Detail is { Length: > 0 } given ? $" ({given})" : "";
        text.AppendLine(c, $"  {row.Effect} {row.Reason}: {row.Meaning}{detail}");
        if (row.Rule is { } rule)
        {
            var set = row.RuleSet is { Length: > 0 } version ? $" of set {version}" : "";
            text.AppendLine(c, $"  rule {rule.Number}{set}: {rule.Condition}");
        }

        if (row.Facts is { } facts)
        {
            text.AppendLine(c, $"  facts: {facts}");
        }

        text.AppendLine(c, $"  register version {row.RegisterVersion}, release date {row.ReleaseDate:yyyy-MM-dd}");
        if (row.NewestEvent is { } seen)
        {
            text.Append(c, $"  newest change of the register seen: {seen.Kind} {seen.Number}, ");
            text.AppendLine(c, $"of {seen.EffectiveAt:yyyy-MM-dd HH:mm} UTC");
        }

        text.Append(c, $"  decided {row.DecidedAt:yyyy-MM-dd HH:mm:ss} UTC");
        if (row.AvailableAt is { } available)
        {
            text.Append(c, $", available {available:yyyy-MM-dd HH:mm:ss} UTC");
        }

        if (row.RecalledAt is { } recalled)
        {
            text.Append(c, $", recalled {recalled:yyyy-MM-dd HH:mm:ss} UTC");
        }

        foreach (var piece in row.Pieces)
        {
            text.AppendLine().Append(
                c, $"  piece {piece.Sequence} of {piece.Batch}, attempt {piece.Attempt}: {piece.State}");
        }

        return text.ToString();
    }
}
