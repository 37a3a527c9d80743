using System.Globalization;
using Dispatch.PrintExport.Pdf;
using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Printing;

namespace Dispatch.Worker.Commands;

/// <summary>What <c>dispatch doctor</c> looks at.</summary>
static class DoctorChecks
{
    /// <summary>A national send needs about this much for its spool, mailbox tables and print files together.</summary>
    const long FreeBytesWanted = 20L << 30;

    const long FreeBytesNeeded = 1L << 30;

    static readonly TimeSpan ClockDifferenceMax = TimeSpan.FromSeconds(5);

    public static Finding Settings(DispatchSettings settings) => new(
        "settings", Verdict.Good,
        $"read; data folder '{settings.DataFolder}', "
        + (settings.Database.ConnectionString.Length == 0 ? "embedded database" : "external database"));

    public static IEnumerable<Finding> Folders(DataFolder folder) =>
        new[] { folder.Spool, folder.Outbox, folder.Reports, folder.Keys, folder.Inbox, folder.Logs }.Select(Folder);

    public static Finding Clock(TimeSpan difference) => new(
        "clock", difference <= ClockDifferenceMax ? Verdict.Good : Verdict.Doubtful,
        string.Create(CultureInfo.InvariantCulture, $"{difference.TotalSeconds:N1} s from the database's"),
        difference <= ClockDifferenceMax ? "" : "let both machines follow a time server");

    /// <param name="telling">Of <see cref="ServerLog"/>.</param>
    public static Finding Log(IReadOnlyList<string> telling) => telling.Count == 0
        ? new("database log", Verdict.Good, "holds no values of rows")
        : new(
            "database log", Verdict.Doubtful, $"may hold values of rows: {string.Join(", ", telling)}",
            "alter database NAME set log_error_verbosity = terse, and so on, as docs/configuration.md has it");

    public static Finding Fonts(FontSettings fonts)
    {
        string[] files = [fonts.Regular, fonts.Bold, fonts.Italic, fonts.BoldItalic, .. fonts.Fallback];
        var missing = files.FirstOrDefault(path => !File.Exists(path));
        return missing is null
            ? new("fonts", Verdict.Good, $"{files.Length} files, the first '{fonts.Regular}'")
            : new("fonts", Verdict.Wrong, $"'{missing}' is missing",
                "sudo apt-get install -y fonts-liberation2, or name other files in Printing:Fonts");
    }

    public static Finding Disk(string folder)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        var found = string.Create(
            CultureInfo.InvariantCulture, $"{free / (double)(1 << 30):N1} GiB free for '{folder}'");
        return free >= FreeBytesWanted ? new("disk", Verdict.Good, found)
            : free >= FreeBytesNeeded ? new(
                "disk", Verdict.Doubtful, found, "enough for small jobs; a national one wants 20 GiB")
            : new("disk", Verdict.Wrong, found, "make room");
    }

    public static Finding TimeZone() => LocalZone.IsKnown()
        ? new("time zone", Verdict.Good, LocalZone.Name)
        : new("time zone", Verdict.Wrong, $"{LocalZone.Name} is not known", LocalZone.Remedy);

    /// <summary>The database, and what only it knows of: whether a print house's folder may be missing.</summary>
    public static async Task<IReadOnlyList<Finding>> DatabaseAsync(CommandContext context, CancellationToken ct)
    {
        try
        {
            await using var database = await context.OpenDatabaseAsync(migrate: false, ct);
            return [
                .. await LookAtAsync(database, context.Time, ct),
                .. Outboxes(await OutboxHistory.ReadAsync(database.DataSource, ct)),
            ];
        }
        catch (DispatchException e)
        {
            return [
                new("database", e.IsTransient ? Verdict.Unavailable : Verdict.Wrong, e.Code, e.Message),
                .. Outboxes(new HashSet<string>()),
            ];
        }

        IEnumerable<Finding> Outboxes(IReadOnlySet<string> handedTo) =>
            OutboxDoctor.Look(context.Folder, context.Settings.Printing, handedTo);
    }

    static Finding Folder(string path)
    {
        if (!Directory.Exists(path))
        {
            return new("folder", Verdict.Wrong, $"'{path}' is gone", "bring it back, or make a new one with mkdir");
        }

        var probe = Path.Combine(path, $".doctor-{Environment.ProcessId}");
        try
        {
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return new("folder", Verdict.Good, $"'{path}' can be written");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new("folder", Verdict.Wrong, $"'{path}' cannot be written", "give it to the user running dispatch");
        }
    }

    static async Task<IReadOnlyList<Finding>> LookAtAsync(
        DispatchDatabase database, TimeProvider time, CancellationToken ct)
    {
        const string Facts = """
            select current_setting('server_version'), clock_timestamp(), (select max(version) from dispatch.schema_versions)
            """;
        await using var command = database.DataSource.CreateCommand(Facts);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var before = time.GetUtcNow();
        var difference = (reader.GetFieldValue<DateTimeOffset>(1) - before).Duration();
        var findings = new List<Finding>
        {
            new("database", Verdict.Good, string.Create(
                CultureInfo.InvariantCulture,
                $"PostgreSQL {reader.GetString(0)}, schema {reader.GetInt32(2)}, durable")),
            Clock(difference),
        };
        if (database.IsSuperuser)
        {
            findings.Add(new(
                "database user", Verdict.Doubtful, "is a superuser",
                "give dispatch a user of its own, see docs/configuration.md"));
        }

        findings.Add(await RightsAsync(database, ct));
        findings.Add(Log(await ServerLog.FindTellingAsync(database.DataSource, ct)));
        return findings;
    }

    static async Task<Finding> RightsAsync(DispatchDatabase database, CancellationToken ct)
    {
        await using var catalog = database.DataSource.CreateCommand(GrantMatrix.CatalogSql);
        var found = await GrantMatrix.ReadAsync(catalog, ct);
        var missing = GrantMatrix.Allowed.Where(grant => !grant.IsOfServer && !found.Contains(grant)).ToList();
        var beyond = GrantMatrix.BeyondAllowed(found).ToList();
        return missing.Count > 0
            ? new("database rights", Verdict.Wrong, $"{missing.Count} are missing, the first: {missing[0]}",
                "restore the database's grants, or migrate a new database; docs/grants.csv has them all")
            : beyond.Count > 0
            ? new("database rights", Verdict.Doubtful, $"{beyond.Count} too many, the first: {beyond[0]}",
                "revoke them; 'dispatch migrate --print-roles' has what concerns the database itself")
            : new("database rights", Verdict.Good, "those of docs/grants.csv");
    }
}
