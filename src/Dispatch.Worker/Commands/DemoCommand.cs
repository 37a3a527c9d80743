using System.CommandLine;
using System.Globalization;
using Dispatch.Routing;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch demo</c>: a country of synthetic people gets its tax statements.</summary>
static class DemoCommand
{
    const int PeopleDefault = 1_000_000;
    const int SeedDefault = 2026;
    const string GeneratedReference = "\"reference\": \"";
    const string ImportBegun = "begun";

    static readonly Option<int> People = new("--people")
    {
        Description = "How many people",
        HelpName = "N",
        DefaultValueFactory = _ => PeopleDefault,
    };

    static readonly Option<int> Seed = new("--seed")
    {
        Description = "Same seed, same country",
        HelpName = "S",
        DefaultValueFactory = _ => SeedDefault,
    };

    public static Command Create()
    {
        var command = new Command(
            "demo", "Make a country, import its register, send its tax statements, show what came of it");
        command.Add(People);
        command.Add(Seed);
        command.SetAction((parsed, _) => CommandContext.RunAsync(
            parsed, (context, ct) => RunAsync(context, parsed.GetValue(People), parsed.GetValue(Seed), ct)));
        return command;
    }

    static async Task<ExitCode> RunAsync(CommandContext context, int people, int seed, CancellationToken ct)
    {
        await using var engine = await Engine.OpenAsync(context, migrate: true, ct);
        engine.TakesUnknownSenders = true; // the made-up authority is nobody's to add
        var folder = Path.Combine(context.Folder.Root, "demo");
        var imported = Path.Combine(folder, "register.version");
        if (!await IsOursAsync(imported, await engine.Register.Version(ct), ct))
        {
            throw new DispatchException(
                "demo.register",
                $"the data folder '{context.Folder.Root}' holds a register that no demo made; expected an empty one; "
                + "name another with --data",
                ExitCode.Usage);
        }

        GenerateCommand.Generate(context, people, seed, folder, ct);
        var job = Path.Combine(folder, "tax-statement");
        await NameAsync(Path.Combine(job, "job.json"), people, seed, ct);
        await File.WriteAllTextAsync(imported, ImportBegun, ct);
        await RegisterCommand.ImportAsync(
            context, engine.Db, Path.Combine(folder, "register"), Engine.ImagesOf(context, engine.Keys), ct);
        await File.WriteAllTextAsync(imported, VersionText(await engine.Register.Version(ct)), ct);
        var report = await JobRun.RunAsync(context, engine, job, ct);
        context.Write(report.ToJson(), () => ReportCommand.Text(report, Path.Combine(context.Folder.Reports, report.Job.Id)) + $"""

            Print files: {context.Folder.PrintHouse(context.Settings.Printing.PrintHouse)}
            """);
        return report.Balanced ? ExitCode.Done : ExitCode.AuditViolation;
    }

    // An import that was killed is a demo's too. Any other register is an operator's, and none to be replaced.
    static async Task<bool> IsOursAsync(string imported, long version, CancellationToken ct) =>
        version == 0
        || (File.Exists(imported) && await File.ReadAllTextAsync(imported, ct) is var ours
            && (ours == ImportBegun || ours == VersionText(version)));

    static string VersionText(long version) => version.ToString(CultureInfo.InvariantCulture);

    // Each country is a job of its own, so that demos of different size do not collide under one reference.
    static async Task NameAsync(string order, int people, int seed, CancellationToken ct)
    {
        var text = await File.ReadAllTextAsync(order, ct);
        var named = text.Replace(
            GeneratedReference,
            string.Create(CultureInfo.InvariantCulture, $"{GeneratedReference}demo-{people}-{seed}-"),
            StringComparison.Ordinal);
        await File.WriteAllTextAsync(order, named, ct);
    }
}
