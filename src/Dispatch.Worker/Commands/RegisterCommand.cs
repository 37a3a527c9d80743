using System.CommandLine;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Register;
using Npgsql;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch register import</c>: loads a register folder.</summary>
static class RegisterCommand
{
    static readonly Argument<string> Folder = new("DIR") { Description = "Folder with people.csv and its companions" };

    public static Command Create()
    {
        var import = new Command("import", "Replace the register by a folder's, in one transaction");
        import.Add(Folder);
        import.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            await using var database = await context.OpenDatabaseAsync(migrate: true, ct);
            var counts = await ImportAsync(context, database.DataSource, parsed.GetRequiredValue(Folder), ct);
            await Engine.ExportTrailAsync(context, database.DataSource, ct);
            context.Write(counts, Text);
            return ExitCode.Done;
        }));
        var register = new Command("register", "The register of people and companies");
        register.Add(import);
        return register;
    }

    internal static async Task<RegisterCounts> ImportAsync(
        CommandContext context, NpgsqlDataSource database, string folder, CancellationToken ct)
    {
        var reading = context.Progress.Begin("check register");
        Stage? writing = null;
        var progress = new ProgressAdder<RegisterProgress>(done =>
        {
            if (done.IsWriting)
            {
                reading.Finish();
                writing ??= context.Progress.Begin("import register", reading.Done);
            }

            (writing ?? reading).Add(done.Rows);
        });
        var counts = await RegisterImport.RunAsync(database, Path.GetFullPath(folder), progress, ct);
        reading.Finish();
        writing?.Finish();
        return counts;
    }

    static string Text(RegisterCounts counts) =>
        $"Register version {counts.Version}: {counts.People:N0} people, {counts.Companies:N0} companies, "
        + $"{counts.ReadAccess:N0} read-access grants, {counts.Registrations:N0} registrations; "
        + $"{counts.Added:N0} new, {counts.Removed:N0} known from before and not in it.";
}
