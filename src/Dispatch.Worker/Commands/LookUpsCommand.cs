using System.CommandLine;
using System.Globalization;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Mailbox;
using Dispatch.Worker.Reporting;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch lookups --reason T</c>: who has looked up the letters of the person whose number is on standard
/// input.
/// </summary>
static class LookUpsCommand
{
    static readonly Option<string> Reason = new("--reason")
    {
        Description = "Why, for the trail",
        HelpName = "TEXT",
        Required = true,
    };

    public static Command Create()
    {
        var command = new Command(
            "lookups", "List who looked a person's letters up; reads the CPR or CVR number from standard input");
        command.Add(Reason);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            var reason = OperatorReason.Check(parsed.GetRequiredValue(Reason));
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            var number = new PersonInput(Console.In).Next(null);
            var found = await LookUps.FindAsync(database.DataSource, number, Operator.Name, reason, ct);
            context.Write(found, Text);
            return ExitCode.Done;
        }));
        return command;
    }

    static string Text(IReadOnlyList<LookUp> found) => found.Count == 0
        ? "Nobody looked up a letter of this person."
        : string.Join(Environment.NewLine, found.Select(one => string.Create(
            CultureInfo.InvariantCulture,
            $"{one.At:yyyy-MM-dd HH:mm:ss} UTC  {one.Actor}  {one.Action}{Place(one)}: {one.Detail}")));

    static string Place(LookUp look) =>
        (look.Job is { } job ? $"  job {job}" : "")
        + (look.Row is { } row ? string.Create(CultureInfo.InvariantCulture, $" row {row}") : "");
}
