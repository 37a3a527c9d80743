using Dispatch.Worker.Reporting.Audit;

namespace Dispatch.Worker.Tests.Reporting.Audit;

/// <summary>
/// Two right jobs with their outbox, made anew for each test; a test spoils one and the other must stay clean.
/// </summary>
sealed class SpoiltLedger(TestDatabase database)
{
    readonly LedgerSeed _seed = new(database.Owner);
    string _secondBatch = "";

    public string Outbox { get; } = Directory.CreateTempSubdirectory("dispatch-outbox-").FullName;

    /// <summary>Where heads of the trail are exported to.</summary>
    public string Reports => Path.Combine(Outbox, "..", Path.GetFileName(Outbox) + "-reports");

    /// <summary>Where receipt files lie.</summary>
    public string Receipts => Path.Combine(Outbox, "..", Path.GetFileName(Outbox) + "-receipts");

    public int OtherJob { get; private set; }

    public int Job { get; private set; }

    public string Batch { get; private set; } = "";

    public async Task InitializeAsync()
    {
        await _seed.ClearAsync();
        OtherJob = await _seed.AddCompletedJobAsync("other");
        Job = await _seed.AddCompletedJobAsync("2026-aarsopgoerelse");
        Batch = await BatchNameAsync(1);
        _secondBatch = await BatchNameAsync(2);
        await _seed.WriteOutboxAsync(Outbox);
        Directory.CreateDirectory(Reports);
        Directory.CreateDirectory(Path.Combine(Receipts, "applied"));
        Directory.CreateDirectory(Path.Combine(Receipts, "quarantine"));
    }

    public Task DisposeAsync()
    {
        Directory.Delete(Outbox, recursive: true);
        Directory.Delete(Reports, recursive: true);
        Directory.Delete(Receipts, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Runs a statement in which the names of <see cref="Fill"/> are filled in.</summary>
    public Task SpoilAsync(string sql) => _seed.ExecuteAsync(Fill(sql));

    public Task AddCancelledJobAsync() => _seed.AddCancelledJobAsync("cancelled");

    public Task<AuditResult> AuditAsync(int? jobId) =>
        LedgerAudit.RunAsync(database.DataSource, jobId, Outbox, Receipts, Reports, TimeProvider.System, default);

    public string OutboxPath(string file) => Path.Combine(Outbox, LedgerSeed.PrintHouse, file);

    /// <summary><c>{job}</c> is the condition for the job, <c>{id}</c> its id, <c>{batch}</c> and <c>{second}</c> its
    /// batches.
    /// </summary>
    public string Fill(string text) => text
        .Replace("{job}", $"job_id = {Job}", StringComparison.Ordinal)
        .Replace("{id}", $"{Job}", StringComparison.Ordinal)
        .Replace("{batch}", Batch, StringComparison.Ordinal)
        .Replace("{second}", _secondBatch, StringComparison.Ordinal);

    /// <param name="offenders">All that are expected; a last "*" allows more.</param>
    public static void AssertOffenders(AuditResult result, string id, string[] offenders)
    {
        var invariant = result.Invariants.Single(i => i.Id == id);
        var found = invariant.Offenders.Select(offender => offender.ToString()).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(InvariantState.Violated, invariant.State);
        Assert.False(result.IsClean);
        if (offenders[^1] == "*")
        {
            Assert.Subset(found.ToHashSet(), offenders.SkipLast(1).ToHashSet());
        }
        else
        {
            Assert.Equal(offenders.Order(StringComparer.Ordinal), found);
        }
    }

    Task<string> BatchNameAsync(int number) => _seed.ScalarAsync<string>(
        $"select name from dispatch.batches where job_id = {Job} and number = {number}");
}
