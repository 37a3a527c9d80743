using System.CommandLine;
using System.Text;
using Dispatch.Routing;
using Dispatch.Routing.Identity;
using Dispatch.Routing.Rules;
using Dispatch.Worker.Register.Changes;
using Npgsql;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch registration add|end|list</c>: which private senders' post a person wants digitally.</summary>
static class RegistrationCommand
{
    static readonly Argument<string?> Person = PersonInput.Argument("CPR", "the person");

    static readonly Option<string> Sender = new("--sender")
    {
        Description = "The private sender's CVR number",
        HelpName = "CVR",
        Required = true,
    };

    public static Command Create()
    {
        var command = new Command("registration", "Which private senders' post a person wants digitally");
        command.Add(Create("add", "A person wants a sender's post digitally, from now on", SenderRegistration.AddAsync));
        command.Add(Create("end", "A person no longer wants a sender's post digitally", SenderRegistration.EndAsync));
        command.Add(CreateList());
        return command;
    }

    static Command Create(
        string name, string description,
        Func<NpgsqlDataSource, string, uint, DateTimeOffset, CancellationToken, Task<long?>> change)
    {
        var command = new Command(name, description) { Person, Sender };
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            var sender = ParseCvr(parsed.GetRequiredValue(Sender));
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            var number = new PersonInput(Console.In).Next(parsed.GetValue(Person));
            var version = await change(database.DataSource, number, sender, context.Time.GetUtcNow(), ct);
            context.Write(
                new { changed = version is not null, version },
                made => made.changed ? $"Done, register version {made.version}." : "It was so already.");
            return ExitCode.Done;
        }));
        return command;
    }

    static Command CreateList()
    {
        var command = new Command("list", "List the senders a person is registered with") { Person };
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            var number = new PersonInput(Console.In).Next(parsed.GetValue(Person));
            var senders = await SenderRegistration.ListAsync(database.DataSource, number, ct);
            context.Write(
                senders.Select(cvr => new CvrNumber(cvr).ToString()).ToList(),
                found => found.Count == 0
                    ? "This person is registered with no private sender."
                    : string.Join(Environment.NewLine, found));
            return ExitCode.Done;
        }));
        return command;
    }

    static uint ParseCvr(string text)
    {
        var digits = Encoding.UTF8.GetBytes(text);
        return CvrNumber.HasForm(digits) && CvrNumber.Parse(digits, out var cvr) == Reason.None
            ? cvr.Value
            : throw new DispatchException(
                "sender.cvr", "--sender is no CVR number; expected 8 digits with a valid check digit", ExitCode.Usage);
    }
}
