using System.CommandLine;
using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Register;
using Dispatch.Worker.Register.Changes;
using Dispatch.Worker.Register.Enrolments;
using Npgsql;

namespace Dispatch.Worker.Commands;

/// <summary><c>dispatch register</c>: loads a register folder, changes the register, applies what waited for today.
/// </summary>
static class RegisterCommand
{
    static readonly Argument<string> Folder = new("DIR") { Description = "Folder with people.csv and its companions" };

    static readonly Option<bool> Changes = new("--changes")
    {
        Description = "The folder holds changes: apply them to the register there is",
    };

    public static Command Create()
    {
        var import = new Command("import", "Replace the register by a folder's, or change it, in one transaction");
        import.Add(Folder);
        import.Add(Changes);
        import.SetAction((parsed, _) => CommandContext.RunAsync(parsed, async (context, ct) =>
        {
            await using var database = await context.OpenDatabaseAsync(migrate: true, ct);
            var folder = parsed.GetRequiredValue(Folder);
            if (parsed.GetValue(Changes))
            {
                context.Write(await ChangeAsync(context, database.DataSource, folder, ct), Text);
            }
            else
            {
                var images = await OpenImagesAsync(context, database, ct);
                context.Write(await ImportAsync(context, database.DataSource, folder, images, ct), Text);
            }

            await Engine.ExportTrailAsync(context, database.DataSource, ct);
            return ExitCode.Done;
        }));
        var apply = new Command(
            "apply",
            "What the nightly run does: apply changes whose day has come, find who is enrolled now, send letters");
        apply.SetAction((parsed, _) => CommandContext.RunAsync(parsed, ApplyAsync));
        var register = new Command("register", "The register of people and companies");
        register.Add(import);
        register.Add(apply);
        return register;
    }

    internal static async Task<RegisterCounts> ImportAsync(
        CommandContext context, NpgsqlDataSource database, string folder, RegisterImageFolder? images,
        CancellationToken ct)
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
        var counts = await RegisterImport.RunAsync(database, Path.GetFullPath(folder), progress, ct, images);
        reading.Finish();
        writing?.Finish();
        await RegisterChanges.ApplyDueAsync(database, context.Time.GetUtcNow(), ct);
        await EnrolmentSearch.BeginAsync(database, context.Time.GetUtcNow(), ct);
        return counts;
    }

    // Beside a server of others this machine need not be one that sends, and should not come to have a key.
    static async Task<RegisterImageFolder?> OpenImagesAsync(
        CommandContext context, DispatchDatabase database, CancellationToken ct) =>
        database.IsEmbedded
            ? Engine.ImagesOf(context, await Engine.OpenKeysAsync(context, database, ct))
            : null;

    static async Task<ExitCode> ApplyAsync(CommandContext context, CancellationToken ct)
    {
        await using var engine = await Engine.OpenAsync(context, migrate: false, ct);
        var changes = await RegisterChanges.ApplyDueAsync(engine.Db, context.Time.GetUtcNow(), ct);
        var crossed = await EnrolmentSearch.RunAsync(engine.Db, context.Time.GetUtcNow(), ct);
        var jobs = await new OwnLetterDesk(context, engine).RunAsync(ct);
        context.Write(
            new { changes, crossed, jobs },
            made => $"{Text(made.changes)} {made.crossed:N0} people became enrolled or ceased to be; "
                + $"{made.jobs} jobs of letters.");
        return ExitCode.Done;
    }

    static async Task<ChangeCounts> ChangeAsync(
        CommandContext context, NpgsqlDataSource database, string folder, CancellationToken ct)
    {
        var reading = context.Progress.Begin("change register");
        var counts = await RegisterChanges.ImportAsync(
            database, Path.GetFullPath(folder), context.Time.GetUtcNow(), rows => reading.Add(rows), ct);
        reading.Finish();
        return counts;
    }

    static string Text(ChangeCounts counts) =>
        $"Register version {counts.Version}: {counts.Applied:N0} changes applied, "
        + $"{counts.Waiting:N0} wait for their day, "
        + $"{counts.Known:N0} known from before, {counts.SetAside:N0} set aside.";

    static string Text(RegisterCounts counts) =>
        $"Register version {counts.Version}: {counts.People:N0} people, {counts.Companies:N0} companies, "
        + $"{counts.ReadAccess:N0} read-access grants, {counts.Registrations:N0} registrations; "
        + $"{counts.Added:N0} new, {counts.Removed:N0} known from before and not in it.";
}
