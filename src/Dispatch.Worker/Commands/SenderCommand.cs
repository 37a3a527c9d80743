using System.CommandLine;
using System.Text;
using Dispatch.Routing;
using Dispatch.Routing.Identity;
using Dispatch.Routing.Rules;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Intake.Senders;
using Dispatch.Worker.Reporting;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch sender add|list|close</c>: who may send.</summary>
static class SenderCommand
{
    const int NameCharsMax = 130;

    static readonly Argument<string> Cvr = new("CVR") { Description = "The sender's CVR number, 8 digits" };

    static readonly Argument<string> Name = new("NAME") { Description = "Name of the authority or company" };

    static readonly Option<string> Kind = new("--kind")
    {
        Description = "public (an authority) or private",
        HelpName = "public|private",
        Required = true,
    };

    static readonly Option<string> Ground = new("--ground")
    {
        Description = "The legal ground on which a private sender uses CPR numbers",
        HelpName = "TEXT",
    };

    static readonly Option<string> Group = new("--group")
    {
        Description = "Group that may put jobs into the sender's inbox",
        HelpName = "GROUP",
    };

    public static Command Create()
    {
        Kind.AcceptOnlyFromAmong("public", "private");
        var sender = new Command("sender", "Who may send, by CVR number");
        sender.Add(CreateAdd());
        sender.Add(CreateList());
        sender.Add(CreateClose());
        return sender;
    }

    static Command CreateAdd()
    {
        var command = new Command("add", "Let a sender send, and make its inbox");
        command.Add(Cvr);
        command.Add(Name);
        command.Add(Kind);
        command.Add(Ground);
        command.Add(Group);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            var (cvr, kind) = (CheckCvr(parsed.GetRequiredValue(Cvr)), parsed.GetRequiredValue(Kind));
            var (name, ground) = (CheckName(parsed.GetRequiredValue(Name)), CheckGround(kind, parsed.GetValue(Ground)));
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            var changed = await SenderTable.AddAsync(
                database.DataSource, cvr, name, kind, ground, Operator.Name, ct);
            var inbox = context.Folder.CreateSenderInbox(cvr, parsed.GetValue(Group) ?? "");
            context.Write(
                new { cvr, name, kind, ground, inbox, changed },
                sender => $"Sender {sender.cvr} may send; its inbox is {sender.inbox}");
            return ExitCode.Done;
        }));
        return command;
    }

    static Command CreateList()
    {
        var command = new Command("list", "List senders, closed ones too");
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            var senders = await SenderTable.ListAsync(database.DataSource, ct);
            context.Write(senders, all => all.Count == 0 ? "No senders." : string.Join('\n', all.Select(Line)));
            return ExitCode.Done;
        }));
        return command;
    }

    static Command CreateClose()
    {
        var command = new Command("close", "Take nothing more of a sender; what was accepted is finished");
        command.Add(Cvr);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            var cvr = CheckCvr(parsed.GetRequiredValue(Cvr));
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            var changed = await SenderTable.CloseAsync(database.DataSource, cvr, Operator.Name, ct);
            var closed = await SenderTable.FindAsync(database.DataSource, cvr, ct);
            context.Write(
                new { cvr, closed.ClosedAt, closed.OpenJobs, changed },
                _ => closed.OpenJobs.Count == 0
                    ? $"Sender {cvr} is closed."
                    : $"Sender {cvr} is closed. These jobs of it were accepted and are finished unless they are "
                        + $"cancelled: {string.Join(", ", closed.OpenJobs)}");
            return ExitCode.Done;
        }));
        return command;
    }

    static string CheckCvr(string cvr)
    {
        var digits = Encoding.UTF8.GetBytes(cvr);
        return CvrNumber.HasForm(digits) && CvrNumber.Parse(digits, out _) == Reason.None
            ? cvr
            : throw new DispatchException(
                "sender.cvr", "CVR is no CVR number; expected 8 digits with a valid check digit", ExitCode.Usage);
    }

    static string CheckName(string name) => name.Trim() is { Length: > 0 and <= NameCharsMax } text
        && !text.Any(char.IsControl) && SenderName.Fits(text) && !SenderName.HoldsPhoneNumber(text)
        ? text
        : throw new DispatchException(
            "sender.name", $"NAME does not fit; expected {SenderName.Expected}, and no phone number", ExitCode.Usage);

    // Only the law lets a company use CPR numbers (S17 of docs/security.md).
    static string CheckGround(string kind, string? ground) => ground is null
        ? kind == "public" ? "" : throw new DispatchException(
            "sender.ground",
            "a private sender's legal ground for using CPR numbers is not given; expected --ground with the law and "
            + "section, or the consent",
            ExitCode.Usage)
        : OperatorReason.Check(ground);

    static string Line(Sender sender) =>
        $"{sender.Cvr}  {sender.Kind,-7} {sender.Name}"
        + (sender.Ground.Length > 0 ? $" ({sender.Ground})" : "")
        + (sender.ClosedAt is { } closed ? $"; closed {closed:yyyy-MM-dd HH:mm} UTC by {sender.ClosedBy}" : "");
}
