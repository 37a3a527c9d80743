using System.CommandLine;
using System.Globalization;
using Dispatch.Routing;
using Dispatch.Worker.Register.Changes;
using Dispatch.Worker.Register.Enrolments;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch exemption grant|lift</c>: a person who cannot receive digitally. The reason need not be told.
/// </summary>
static class ExemptionCommand
{
    static readonly Argument<string?> Person = PersonInput.Argument("CPR", "the person");

    static readonly Option<string?> OnBehalfOf = Asker();

    static readonly Option<bool> PrintReceived = new("--print-received")
    {
        Description = "Send what is in the person's mailbox on paper, oldest first",
    };

    public static Command Create()
    {
        var grant = Create("grant", "Exempt a person from Digital Post, from now on and without an end date", true);
        grant.Add(OnBehalfOf);
        grant.Add(PrintReceived);
        var command = new Command("exemption", "Exemption from Digital Post");
        command.Add(grant);
        command.Add(Create("lift", "Lift a person's exemption", false));
        return command;
    }

    static Option<string?> Asker()
    {
        var option = new Option<string?>("--on-behalf-of") { Description = "Who asks, when it is not the person" };
        option.AcceptOnlyFromAmong("guardian", "power-of-attorney");
        return option;
    }

    static Command Create(string name, string description, bool isExempt)
    {
        var command = new Command(name, description);
        command.Add(Person);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            await using var engine = await Engine.OpenAsync(context, migrate: false, ct);
            var number = new PersonInput(Console.In).Next(parsed.GetValue(Person));
            var version = await Exemption.SetAsync(
                engine.Db, number, isExempt, isExempt ? parsed.GetValue(OnBehalfOf) : null,
                isExempt && parsed.GetValue(PrintReceived), context.Time.GetUtcNow(), ct);
            if (context.Settings.OwnSender.Cvr.Length == 0)
            {
                CommandContext.Warn(
                    "own_sender.unset",
                    "the letter that confirms it waits: OwnSender:Cvr is not set; see docs/configuration.md");
            }

            // Also when it was so already: the letter of an interrupted command goes out now.
            await new OwnLetterDesk(context, engine).RunAsync(ct);
            IReadOnlyList<LostLetter> lost = version is { } made ? await PrintOuts.LostAsync(engine.Db, made, ct) : [];
            context.Write(new { changed = version is not null, version, lost }, _ => Text(version, lost));
            return ExitCode.Done;
        }));
        return command;
    }

    static string Text(long? version, IReadOnlyList<LostLetter> lost) => version is null
        ? "It was so already."
        : string.Create(CultureInfo.InvariantCulture, $"Done, register version {version}.")
            + string.Concat(lost.Select(one => string.Create(
                CultureInfo.InvariantCulture,
                $"{Environment.NewLine}Not printed: job {one.Job}, row {one.Row} ({one.Reason}).")));
}
