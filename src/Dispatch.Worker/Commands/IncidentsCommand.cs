using System.CommandLine;
using System.Globalization;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Reporting;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch incidents list|close</c>: what print houses' answers brought up.</summary>
static class IncidentsCommand
{
    static readonly Option<bool> All = new("--all") { Description = "Closed ones too" };

    static readonly Argument<string> Id = new("ID") { Description = "The incident's id, as list shows it" };

    static readonly Option<string> Reason = new("--reason")
    {
        Description = "What was found out or done; goes to the trail",
        HelpName = "TEXT",
        Required = true,
    };

    public static Command Create()
    {
        var incidents = new Command("incidents", "What print houses' answers brought up, for a person to look at");
        incidents.Add(CreateList());
        incidents.Add(CreateClose());
        return incidents;
    }

    static Command CreateList()
    {
        var command = new Command("list", "List open incidents, oldest first");
        command.Add(All);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            var found = await new Incidents(database.DataSource).ListAsync(parsed.GetValue(All), ct);
            context.Write(found, all => all.Count == 0 ? "No incidents." : string.Join('\n', all.Select(Line)));
            return ExitCode.Done;
        }));
        return command;
    }

    static Command CreateClose()
    {
        var command = new Command("close", "Close an incident; nothing else follows from it");
        command.Add(Id);
        command.Add(Reason);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            var reason = OperatorReason.Check(parsed.GetRequiredValue(Reason));
            var id = parsed.GetRequiredValue(Id);
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            var closed = await new Incidents(database.DataSource).CloseAsync(id, Operator.Name, reason, ct);
            context.Write(
                new { incident = id, closed }, done => $"Incident {id} {(done.closed ? "is" : "was")} closed.");
            return ExitCode.Done;
        }));
        return command;
    }

    static string Line(Incident incident) => string.Create(
        CultureInfo.InvariantCulture,
        $"{incident.Id,-8} {incident.At:yyyy-MM-dd HH:mm} {incident.Kind} {incident.PrintHouse}")
        + (incident.Batch is null ? "" : $" {incident.Batch}")
        + (incident.Row is { } row ? string.Create(CultureInfo.InvariantCulture, $" row {row}") : "")
        + $": {incident.Detail}"
        + (incident.ClosedAt is null ? "" : $" (closed by {incident.ClosedBy}: {incident.CloseReason})");
}
