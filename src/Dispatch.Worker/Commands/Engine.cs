using Dispatch.PrintExport.Pdf;
using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Dispatching;
using Dispatch.Worker.Intake;
using Dispatch.Worker.Register;
using Dispatch.Worker.Reporting;
using Dispatch.Worker.Security;
using Npgsql;

namespace Dispatch.Worker.Commands;

/// <summary>The slices, put together for the commands that work on jobs: this is where they are made known to each
/// other.
/// </summary>
sealed class Engine : IAsyncDisposable
{
    readonly CommandContext _context;
    readonly DispatchDatabase _database;

    Engine(CommandContext context, DispatchDatabase database, KeyRing keys, FontSet fonts, string spoolMark)
    {
        (_context, _database, Keys, Fonts, SpoolIdentity) = (context, database, keys, fonts, spoolMark);
        TakesUnknownSenders = context.Settings.TakesUnknownSenders;
        var reader = new RegisterReader(database.DataSource, ImagesOf(context, keys));
        Register = new RegisterAccess(
            reader.VersionAsync, reader.CountAsync, reader.LoadAsync, reader.LoadForAsync, reader.AddressesAsync);
    }

    public DispatchDatabase Database => _database;

    public NpgsqlDataSource Db => _database.DataSource;

    public KeyRing Keys { get; }

    public FontSet Fonts { get; }

    public RegisterAccess Register { get; }

    /// <summary>Jobs of senders that no operator added are accepted too.</summary>
    public bool TakesUnknownSenders { get; set; }

    /// <summary>What the spool says as long as it is the one that belongs to the database.</summary>
    public string SpoolIdentity { get; }

    public JobOpening Opening => new(Db, _context.Folder, Keys, Fonts, Register);

    public JobPlanner Planner => new(
        Opening, Register.Addresses, _context.Settings.Dispatching.CountRouters(), _context.Progress);

    public SendRun Sending => new(
        Db, _context.Settings.Dispatching, Opening, Planner, Register.Addresses, _context.Time, _context.Progress);

    /// <summary>More connections, for what must not wait for the others.</summary>
    public NpgsqlDataSource CreatePool(int size, TimeSpan patience) => _database.CreatePool(size, patience);

    public IntakeSetting Intake => new(SpooledList.FolderOf(_context.Folder.Spool), Keys, Fonts)
    {
        TakesUnknownSenders = TakesUnknownSenders,
        ReservedFor = _context.Settings.OwnSender.Cvr,
        Limits = new(_context.Settings.Limits) { ChunkRows = _context.Settings.Dispatching.ChunkRows },
    };

    /// <param name="migrate">Bring an external server's schema up to date too.</param>
    public static async Task<Engine> OpenAsync(CommandContext context, bool migrate, CancellationToken ct)
    {
        // First what needs no server: a missing font should not cost the start of one.
        LocalZone.Require();
        var fonts = FontSet.Load(context.Settings.Printing.Fonts);
        var database = await context.OpenDatabaseAsync(migrate, ct);
        try
        {
            await Trail.NoteConfigurationAsync(
                database.DataSource, Operator.Name, SettingsDigest.Of(context.Settings), ct);
            var keys = await OpenKeysAsync(context, database, ct);
            var spool = await SpoolMark.EnsureAsync(database.DataSource, context.Folder.Spool, Operator.Name, ct);
            return new Engine(context, database, keys, fonts, spool);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes a job folder in, after sweeping away what killed submissions left in the spool.</summary>
    public Task<Submission> SubmitAsync(string folder, CancellationToken ct)
    {
        // The folder's name comes from outside: it is shown as one is.
        var name = ShownName.Of(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)));
        var setting = Intake;
        return SubmitAsync(
            name, Operator.Name, stage => JobAcceptance.SubmitAsync(Db, folder, setting, Operator.Name, stage, ct), ct);
    }

    /// <summary>The same of a folder in an inbox.</summary>
    /// <returns>Null when it is left there, for it may still be at being written.</returns>
    public Task<Submission?> SubmitAsync(Inbox inbox, string name, CancellationToken ct)
    {
        var setting = Intake with { OnlySender = inbox.Sender };
        var actor = inbox.FindSubmitter(name) ?? Operator.Name;
        return SubmitAsync<Submission?>(
            inbox.PlaceOf(name), actor,
            async stage =>
            {
                try
                {
                    return await JobAcceptance.SubmitAsync(Db, inbox.PathOf(name), setting, actor, stage, ct);
                }
                catch (DispatchException refusal)
                    when (refusal.Exit == ExitCode.Refused && inbox.TryPostpone(name, refusal.Code))
                {
                    return null;
                }
            },
            ct);
    }

    /// <summary>Takes in letters of the operator of Digital Post, whom the settings name.</summary>
    /// <param name="files">By name.</param>
    /// <param name="printOf">The job whose letters it prints once more; null = it has a letter of its own.</param>
    public Task<Submission> SubmitOwnAsync(
        IReadOnlyDictionary<string, byte[]> files, AcceptedJob? printOf, CancellationToken ct)
    {
        var setting = Intake with { PrintOf = printOf, TakesUnknownSenders = true, ReservedFor = null };
        return SubmitAsync(
            "own", Operator.Name,
            async stage =>
            {
                using var folder = JobFolder.Open(new MemoryFolder(files), setting.Limits);
                return await JobAcceptance.SubmitAsync(Db, folder, setting, Operator.Name, stage, ct);
            },
            ct);
    }

    /// <summary>At the end of work: the head of the trail leaves the database, once a day.</summary>
    public static async Task ExportTrailAsync(CommandContext context, NpgsqlDataSource db, CancellationToken ct)
    {
        if (await TrailExport.AppendAsync(db, context.Folder.Reports, Operator.Name, context.Time.GetUtcNow(), ct) is { } head)
        {
            Log.TrailHead(context.Logs.CreateLogger(nameof(Commands)), head.EventNo, head.Hash);
        }
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    /// <summary>Where the register's image is kept.</summary>
    public static RegisterImageFolder ImagesOf(CommandContext context, KeyRing keys) =>
        new(Path.Combine(context.Folder.Spool, "register"), keys);

    /// <summary>Opens the keys the database's jobs are wrapped under.</summary>
    internal static Task<KeyRing> OpenKeysAsync(
        CommandContext context, DispatchDatabase database, CancellationToken ct) =>
        KeyTable.OpenRingAsync(
            database.DataSource, KeySource.From(context.Settings.Security, context.Folder), Operator.Name, ct);

    async Task<T> SubmitAsync<T>(string name, string actor, Func<Stage, Task<T>> submit, CancellationToken ct)
    {
        await SpoolSweep.RunAsync(Db, Intake.ListFolder, ct);
        var stage = _context.Progress.Begin("validate");
        try
        {
            return await submit(stage);
        }
        catch (DispatchException refusal) when (refusal.Exit == ExitCode.Refused)
        {
            await Trail.NoteAsync(Db, actor, "submit_refused", null, $"{refusal.Code} {name}", ct);
            throw;
        }
        finally
        {
            stage.Finish();
        }
    }
}
