using System.CommandLine;
using System.CommandLine.Invocation;
using Dispatch.Routing;

namespace Dispatch.Worker.Commands;

/// <summary>The command line as a whole. A new command is a file beside this one and a line in
/// <see cref="Create"/>.</summary>
static class DispatchCommand
{
    public static RootCommand Create()
    {
        var root = new RootCommand(
            "Sends a nation's letters: to digital mailboxes, and on paper to those who have none.");
        GlobalOptions.AddTo(root);
        root.Add(DemoCommand.Create());
        root.Add(GenerateCommand.Create());
        root.Add(RegisterCommand.Create());
        root.Add(SenderCommand.Create());
        root.Add(PlanCommand.Create());
        root.Add(ProofCommand.Create());
        root.Add(RunCommand.Create());
        root.Add(SubmitCommand.Create());
        root.Add(WorkerCommand.Create());
        root.Add(ReportCommand.Create());
        root.Add(StatusCommand.Create());
        root.Add(ExplainCommand.Create());
        root.Add(AuditCommand.Create());
        root.Add(LetterCommand.Create());
        root.Add(ExemptionCommand.Create());
        root.Add(ReadAccessCommand.Create());
        root.Add(RegistrationCommand.Create());
        root.Add(MailboxCommand.Create());
        root.Add(NoticesCommand.Create());
        root.Add(LookUpsCommand.Create());
        root.Add(TrailCommand.Create());
        root.Add(HeldCommand.Create());
        root.Add(ReceiptsCommand.Create());
        root.Add(ReprintCommand.Create());
        root.Add(IncidentsCommand.Create());
        root.Add(ApproveCommand.Create());
        root.Add(RateCommand.Create());
        root.Add(PauseCommand.Create());
        root.Add(ResumeCommand.Create());
        root.Add(CancelCommand.Create());
        root.Add(RecallCommand.Create());
        root.Add(KeysCommand.Create());
        root.Add(PurgeCommand.Create());
        root.Add(MigrateCommand.Create());
        root.Add(DoctorCommand.Create());
        return root;
    }

    public static async Task<int> RunAsync(string[] arguments)
    {
        var parsed = Create().Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var hasEmpty = parsed.Tokens.Any(token => token.Value.Length == 0);
        if (hasEmpty || parsed.Action is ParseErrorAction || parsed.Errors.Count > 0 && parsed.Action is null)
        {
            var faults = hasEmpty
                ? "An argument is empty, as by a variable that is not set."
                : string.Join(" ", parsed.Errors.Select(e => e.Message.ReplaceLineEndings(" ")));
            var name = string.Join(' ', NamesOf(parsed.CommandResult.Command));
            var failure = new Failure("usage", $"{faults} See '{name} --help'.", ExitCode.Usage);
            await Console.Error.WriteLineAsync(failure.ToString());
            return (int)failure.Exit;
        }

        // Faults and signals are handled by CommandContext, for which the defaults would be in the way.
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
    }

    static IEnumerable<string> NamesOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent
            ? NamesOf(parent).Append(command.Name)
            : ["dispatch"];
}
