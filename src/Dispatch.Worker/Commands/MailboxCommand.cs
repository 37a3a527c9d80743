using System.CommandLine;
using System.Globalization;
using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Mailbox;
using Dispatch.Worker.Reporting;
using Dispatch.Worker.Security;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch mailbox list|read</c>: support staff look at a mailbox in the place of its owner or of a
/// reader, under the rights of the reader.</summary>
static class MailboxCommand
{
    const string Owner = "owner";
    const int LettersMax = 200;

    static readonly Argument<string?> Person = PersonInput.Argument("PERSON", "the mailbox's owner");

    static readonly Option<string> As = new("--as")
    {
        Description = "In whose place: owner, or a reader's number as PERSON is given (- = the next line)",
        HelpName = "owner|READER",
        Required = true,
    };

    static readonly Option<string> Reason = new("--reason")
    {
        Description = "Why, for the trail and for the owner",
        HelpName = "TEXT",
        Required = true,
    };

    static readonly Option<string?> Search = new("--search")
    {
        Description = "Letters with these words in title or sender",
        HelpName = "WORDS",
    };

    static readonly Option<string> Job = new("--job") { Description = "Job of the letter", Required = true };
    static readonly Option<int> Row = RowOption.One();

    static readonly Option<string> Out = new("--out")
    {
        Description = "File to write",
        HelpName = "FILE.pdf",
        Required = true,
    };

    public static Command Create()
    {
        var list = Create("list", "List the newest letters of a mailbox; audited", ListAsync);
        list.Add(Search);
        var read = Create("read", "Render one letter of a mailbox as PDF; audited", ReadAsync);
        read.Add(Job);
        read.Add(Row);
        read.Add(Out);
        var command = new Command("mailbox", "Look at a mailbox in its owner's or a reader's place");
        command.Add(list);
        command.Add(read);
        return command;
    }

    static Command Create(
        string name, string description, Func<CommandContext, ParseResult, CancellationToken, Task<ExitCode>> run)
    {
        var command = new Command(name, description);
        command.Add(Person);
        command.Add(As);
        command.Add(Reason);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, (context, ct) => run(context, parsed, ct)));
        return command;
    }

    static async Task<ExitCode> ListAsync(CommandContext context, ParseResult parsed, CancellationToken ct)
    {
        var reason = OperatorReason.Check(parsed.GetRequiredValue(Reason));
        await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
        var keys = await Engine.OpenKeysAsync(context, database, ct);
        var look = await LookAsync(database, parsed, reason, ct);
        await look.NoteListAsync(database.DataSource, ct);
        await using var mailbox = await OpenAsync(database, keys, look, ct);
        var letters = await mailbox.ListAsync(new(Words: parsed.GetValue(Search)), LettersMax, after: null, ct);
        context.Write(letters, Text);
        return ExitCode.Done;
    }

    static async Task<ExitCode> ReadAsync(CommandContext context, ParseResult parsed, CancellationToken ct)
    {
        var reason = OperatorReason.Check(parsed.GetRequiredValue(Reason));
        var file = LetterFile.Check(parsed.GetRequiredValue(Out));
        await using var engine = await Engine.OpenAsync(context, migrate: false, ct);
        var look = await LookAsync(engine.Database, parsed, reason, ct);
        var job = await AcceptedJob.LoadAsync(engine.Db, parsed.GetRequiredValue(Job), ct);
        var row = parsed.GetValue(Row);
        await look.NoteReadAsync(engine.Db, job.JobId, row, ct);
        await using var mailbox = await OpenAsync(engine.Database, engine.Keys, look, ct);
        var found = await mailbox.FindAsync(job.JobId, row, ct) ?? throw new DispatchException(
            "mailbox.no_letter",
            "this mailbox does not show that letter; expected one that dispatch mailbox list names",
            ExitCode.Usage);
        var layout = await JobLetter.LayOutAsync(engine.Db, job, job.ReleaseDate!.Value, engine.Fonts, ct);
        using var key = await job.OpenKeyAsync(engine.Keys, ct);
        var values = await StoredLetter.OpenAsync(
            engine.Db, job, row, layout.Template.Columns.Count, key, found, ct);
        var pages = LetterFile.Write(
            file, layout, job.Order.Title, overlay: null, letters => letters.Append(values).Pages);
        context.Write(new { file, pages }, made => $"{made.pages} pages in '{made.file}'.");
        return ExitCode.Done;
    }

    static async Task<MailboxLook> LookAsync(
        DispatchDatabase database, ParseResult parsed, string reason, CancellationToken ct)
    {
        var input = new PersonInput(Console.In);
        var owner = await MailboxPerson.FindAsync(database.DataSource, input.Next(parsed.GetValue(Person)), ct);
        var place = parsed.GetRequiredValue(As);
        var reader = place == Owner
            ? owner
            : await MailboxPerson.FindAsync(database.DataSource, input.Next(place), ct);
        return new(owner, reader, Operator.Name, reason);
    }

    static async Task<MailboxSession> OpenAsync(
        DispatchDatabase database, KeyRing keys, MailboxLook look, CancellationToken ct)
    {
        var reader = await MailboxReader.OpenAsync(
            database.DataSource, database.Reader, keys, MailboxTicket.Lifetime, ct);
        var mailbox = await reader.OpenAsync(look.PersonId, look.ReaderId, ct);
        if (await mailbox.MayReadAsync(ct))
        {
            return mailbox;
        }

        await mailbox.DisposeAsync();
        throw new DispatchException(
            "mailbox.no_access",
            "the database does not show this mailbox to that reader; expected read access that is in force now",
            ExitCode.Usage);
    }

    static string Text(IReadOnlyList<MailboxEntry> letters) => letters.Count == 0
        ? "No letters."
        : string.Join(Environment.NewLine, letters.Select(letter => string.Create(
            CultureInfo.InvariantCulture,
            $"{letter.AvailableAt:yyyy-MM-dd HH:mm} UTC  {letter.SenderName}  {letter.Title}  "
            + $"(job {letter.JobId} row {letter.RowNo})")));
}
