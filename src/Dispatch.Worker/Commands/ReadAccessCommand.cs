using System.CommandLine;
using System.Globalization;
using Dispatch.Routing;
using Dispatch.Worker.Register.Changes;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch read-access grant|end|list</c>: who may read a person's post.</summary>
static class ReadAccessCommand
{
    static readonly Argument<string?> Owner = PersonInput.Argument("OWNER", "whose post it is");
    static readonly Argument<string?> Reader = PersonInput.Argument("READER", "who may read it");

    static readonly Option<string> By = GrantedBy();

    static readonly Option<string> Notify = CreateNotify();

    static readonly Option<DateOnly?> Until = new("--until")
    {
        Description = "The last day it is in force (yyyy-MM-dd); without it, until it is ended",
        HelpName = "DATE",
    };

    public static Command Create()
    {
        var grant = Create("grant", "Let somebody read a person's post from now on", (context, parsed, ct) =>
            ChangeAsync(context, parsed, "Granted.", (database, owner, reader, now) => ReadAccess.GrantAsync(
                database, owner, reader, parsed.GetRequiredValue(By), parsed.GetRequiredValue(Notify),
                End(parsed.GetValue(Until)), now, ct), ct));
        grant.Add(Reader);
        grant.Add(By);
        grant.Add(Notify);
        grant.Add(Until);
        var end = Create("end", "End it, at once", (context, parsed, ct) =>
            ChangeAsync(context, parsed, "Ended.", (database, owner, reader, now) =>
                ReadAccess.EndAsync(database, owner, reader, now, ct), ct));
        end.Add(Reader);
        var command = new Command("read-access", "Who may read a person's post");
        command.Add(grant);
        command.Add(end);
        command.Add(Create("list", "List the grants of a person", ListAsync));
        return command;
    }

    static Option<string> GrantedBy()
    {
        var by = new Option<string>("--by") { Description = "self, guardian or citizen-service", Required = true };
        by.AcceptOnlyFromAmong("self", "guardian", "citizen-service");
        return by;
    }

    static Option<string> CreateNotify()
    {
        var notify = new Option<string>("--notify")
        {
            Description = "How the reader is told of new post: none, email, sms or both",
            DefaultValueFactory = _ => "none",
        };
        notify.AcceptOnlyFromAmong("none", "email", "sms", "both");
        return notify;
    }

    static Command Create(
        string name, string description, Func<CommandContext, ParseResult, CancellationToken, Task<ExitCode>> run)
    {
        var command = new Command(name, description);
        command.Add(Owner);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, (context, ct) => run(context, parsed, ct)));
        return command;
    }

    static async Task<ExitCode> ChangeAsync(
        CommandContext context, ParseResult parsed, string done,
        Func<Npgsql.NpgsqlDataSource, string, string, DateTimeOffset, Task<long?>> change, CancellationToken ct)
    {
        await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
        var input = new PersonInput(Console.In);
        var owner = input.Next(parsed.GetValue(Owner));
        var reader = input.Next(parsed.GetValue(Reader));
        var version = await change(database.DataSource, owner, reader, context.Time.GetUtcNow());
        context.Write(
            new { changed = version is not null, version }, made => made.changed ? done : "Nothing to change.");
        return ExitCode.Done;
    }

    static async Task<ExitCode> ListAsync(CommandContext context, ParseResult parsed, CancellationToken ct)
    {
        await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
        var owner = new PersonInput(Console.In).Next(parsed.GetValue(Owner));
        context.Write(await ReadAccess.ListAsync(database.DataSource, owner, ct), Text);
        return ExitCode.Done;
    }

    static DateTimeOffset? End(DateOnly? last) =>
        last is { } day ? DanishDay.EndUtc(day) : null;

    static string Text(IReadOnlyList<Grant> grants) => grants.Count == 0
        ? "Nobody else may read this person's post."
        : string.Join(Environment.NewLine, grants.Select(grant => string.Create(
            CultureInfo.InvariantCulture,
            $"{grant.From:yyyy-MM-dd HH:mm} UTC to {Text(grant.To)}, granted by {grant.GrantedBy}")));

    static string Text(DateTime? to) =>
        to is { } end ? string.Create(CultureInfo.InvariantCulture, $"{end:yyyy-MM-dd HH:mm} UTC") : "open";
}
