using System.CommandLine;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Mailbox;
using Dispatch.Worker.Notices;
using Dispatch.Worker.Reporting;
using Npgsql;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch notices send|suppress|allow|language</c>: telling people that there is new post.</summary>
static class NoticesCommand
{
    static readonly Argument<string?> Contact = PersonInput.ContactArgument();

    static readonly Argument<string?> Person = PersonInput.Argument("PERSON", "who is told");

    static readonly Option<string> Reason = new("--reason")
    {
        Description = "Why, for the trail",
        HelpName = "TEXT",
        Required = true,
    };

    static readonly Option<string> To = new("--to") { Description = "da or en", HelpName = "da|en", Required = true };

    public static Command Create()
    {
        To.AcceptOnlyFromAmong(NoticeLanguage.Danish, NoticeLanguage.English);
        var command = new Command("notices", "Tell people by e-mail and SMS that there is new post");
        command.Add(Create("send", "Make and send the notices that are due", SendAsync));
        command.Add(CreateChange(
            "suppress", "Send nothing more to an e-mail address or phone number", SuppressionList.AddAsync,
            "Nothing more is sent there."));
        command.Add(CreateChange(
            "allow", "Take an e-mail address or phone number off the suppression list", SuppressionList.RemoveAsync,
            "Notices are sent there again."));
        var language = Create("language", "Set the language a person is told in", SetLanguageAsync);
        language.Add(Person);
        language.Add(To);
        command.Add(language);
        return command;
    }

    static Command CreateChange(
        string name, string description,
        Func<NpgsqlDataSource, string, string, string, CancellationToken, Task<bool>> change, string done)
    {
        var command = Create(
            name, description, (context, parsed, ct) => ChangeAsync(context, parsed, change, done, ct));
        command.Add(Contact);
        command.Add(Reason);
        return command;
    }

    static Command Create(
        string name, string description, Func<CommandContext, ParseResult, CancellationToken, Task<ExitCode>> run)
    {
        var command = new Command(name, description);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, (context, ct) => run(context, parsed, ct)));
        return command;
    }

    static async Task<ExitCode> SendAsync(CommandContext context, ParseResult parsed, CancellationToken ct)
    {
        await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
        await using var lanes = new NoticeLanes(database.DataSource, context.Settings.Notices, context.Time);
        var made = await new NoticeMaking(database.DataSource, context.Settings.Notices).RunAsync(ct);
        var counts = await lanes.RunAsync(() => true, ct);
        ct.ThrowIfCancellationRequested();
        context.Write(
            new { made = made.Sum(job => job.Notices), counts.Sent, counts.Failed, counts.Dropped, counts.Waiting },
            all => $"{all.made} made, {all.Sent} sent, {all.Failed} failed, {all.Dropped} not to be sent, "
                + $"{all.Waiting} to be tried again");
        return counts.Waiting > 0 ? ExitCode.TryAgain : ExitCode.Done;
    }

    static async Task<ExitCode> ChangeAsync(
        CommandContext context, ParseResult parsed,
        Func<NpgsqlDataSource, string, string, string, CancellationToken, Task<bool>> change, string done,
        CancellationToken ct)
    {
        var reason = OperatorReason.Check(parsed.GetRequiredValue(Reason));
        await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
        var contact = new PersonInput(Console.In).Next(parsed.GetValue(Contact));
        var changed = await change(database.DataSource, contact, Operator.Name, reason, ct);
        context.Write(new { changed }, made => made.changed ? done : "Nothing to change.");
        return ExitCode.Done;
    }

    static async Task<ExitCode> SetLanguageAsync(CommandContext context, ParseResult parsed, CancellationToken ct)
    {
        var language = parsed.GetRequiredValue(To);
        await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
        var person = await MailboxPerson.FindAsync(
            database.DataSource, new PersonInput(Console.In).Next(parsed.GetValue(Person)), ct);
        await NoticeLanguage.SetAsync(database.DataSource, person, language, Operator.Name, ct);
        context.Write(new { language }, set => $"They are told in '{set.language}'.");
        return ExitCode.Done;
    }
}
