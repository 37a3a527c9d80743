using Dispatch.Worker.Database;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Intake;
using Dispatch.Worker.Keys;
using Dispatch.Worker.Security;
using Dispatch.Worker.Tests.Intake;

namespace Dispatch.Worker.Tests.Keys;

/// <summary>An installation with a database, a key file and a spool of its own.</summary>
sealed class KeySite : IAsyncDisposable
{
    readonly IntakeSite _intake = new();
    int _jobs;

    public TestDatabase Database { get; } = new();

    public string KeyFile => _intake.KeyFile;

    public KeySource Source => KeySource.OfFile(KeyFile);

    public string ListFolder => _intake.ListFolder;

    public DataFolder Data { get; private set; } = null!;

    public JobForgetting Forgetting => new(Database.DataSource, new JobFiles(Database.DataSource, Data), "anna");

    public static async Task<KeySite> CreateAsync()
    {
        var site = new KeySite();
        await site.Database.InitializeAsync();
        site.Data = DataFolder.Open(new() { DataFolder = site._intake.Root });
        await site.OpenRingAsync();
        return site;
    }

    public Task<KeyRing> OpenRingAsync() =>
        KeyTable.OpenRingAsync(Database.DataSource, Source, "anna", CancellationToken.None);

    public async Task<AcceptedJob> SubmitAsync(KeyRing? ring = null, AcceptedJob? printOf = null)
    {
        _intake.Write("job.json", IntakeSite.OrderJson($"job-{_jobs++}"));
        var setting = _intake.Setting() with { Keys = ring ?? await OpenRingAsync(), PrintOf = printOf };
        var accepted = await JobAcceptance.SubmitAsync(
            Database.DataSource, _intake.Job, setting, "anna", null, CancellationToken.None);
        return accepted.Job;
    }

    public async Task<AcceptedJob> LoadAsync(int jobId) =>
        (await AcceptedJob.FindAsync(Database.DataSource, jobId, CancellationToken.None))!;

    public async Task<RotationOutcome> RotateAsync()
    {
        await using var stages = StageProgress.Start(TextWriter.Null, ProgressStyle.None, TimeProvider.System);
        return await new KeyRotation(Database.DataSource, await OpenRingAsync(), "anna").RunAsync(
            stages, CancellationToken.None);
    }

    /// <summary>The job's list, opened.</summary>
    public async Task<string> ReadListAsync(int jobId, KeyRing? ring = null)
    {
        var job = await LoadAsync(jobId);
        using var key = await job.OpenKeyAsync(ring ?? await OpenRingAsync(), CancellationToken.None);
        using var list = SpooledList.Open(Path.Combine(ListFolder, job.ListFile));
        var (bytes, text) = (
            new byte[job.Chunks[0].SpoolBytes], new byte[job.Chunks[0].SpoolBytes - LetterSeal.TagBytes]);
        list.ReadChunk(0, bytes);
        key.OpenListChunk(0, bytes, text);
        return System.Text.Encoding.UTF8.GetString(text);
    }

    public async Task<string[]> EventsAsync() => await Database.QueryAsync<string[]>("""
        select coalesce(array_agg(action order by event_no), '{}') from dispatch.events where action like 'key%'
        """);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        _intake.Dispose();
    }
}
