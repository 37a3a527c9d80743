using System.CommandLine;
using Dispatch.Routing;
using Dispatch.Worker.Country;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch generate</c>: a synthetic country and its tax statements.</summary>
static class GenerateCommand
{
    static readonly Option<int> People = new("--people")
    {
        Description = "How many people",
        HelpName = "N",
        Required = true,
    };

    static readonly Option<int> Seed = new("--seed")
    {
        Description = "Same seed, same bytes",
        HelpName = "S",
        Required = true,
    };

    static readonly Option<string> Out = new("--out")
    {
        Description = "Folder to write",
        HelpName = "DIR",
        Required = true,
    };

    public static Command Create()
    {
        var command = new Command("generate", "Make a country of synthetic people: a register and a tax-statement job");
        command.Add(People);
        command.Add(Seed);
        command.Add(Out);
        command.SetAction((parsed, _) => CommandContext.RunAsync(parsed, (context, ct) =>
        {
            var folder = Path.GetFullPath(parsed.GetRequiredValue(Out));
            Generate(context, parsed.GetValue(People), parsed.GetValue(Seed), folder, ct);
            context.Write(
                new { people = parsed.GetValue(People), seed = parsed.GetValue(Seed), folder },
                made => $"Made {made.people:N0} people in '{made.folder}': register/ and tax-statement/.");
            return Task.FromResult(ExitCode.Done);
        }));
        return command;
    }

    internal static void Generate(CommandContext context, int people, int seed, string folder, CancellationToken ct)
    {
        Stage? stage = null;
        var progress = new ProgressAdder<CountryProgress>(done =>
        {
            stage ??= context.Progress.Begin("generate", done.RowsTotal);
            stage.Add(Math.Max(0, done.RowsDone - stage.Done));
        });
        CreateFolder(folder);
        CountryGenerator.Generate(people, seed, folder, progress, ct);
        stage?.Finish();
    }

    static void CreateFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (IOException fault) when (!Failure.IsFull(fault))
        {
            throw new DispatchException(
                "generate.out", $"the folder '{folder}' cannot be made; expected a path on which no file stands in the "
                + "way; name another with --out",
                ExitCode.Usage, fault);
        }
    }
}
