using Dispatch.Worker.Database.Jobs;
using Npgsql;

namespace Dispatch.Worker.Dispatching;

/// <summary>
/// The jobs a worker has open, so that the shards of one job share a letter, a key and a register. What nobody uses
/// stays until another job is opened: the next shard is likely of the same job.
/// </summary>
sealed class OpenJobs(NpgsqlDataSource database, JobOpening opening) : IDisposable
{
    readonly SemaphoreSlim _changing = new(1, 1);
    readonly Dictionary<int, Entry> _entries = [];

    /// <summary>Lends a job; dispose of what is lent.</summary>
    public async Task<Loan> BorrowAsync(int jobId, CancellationToken ct)
    {
        await _changing.WaitAsync(ct);
        try
        {
            if (!_entries.TryGetValue(jobId, out var entry))
            {
                CloseIdle();
                var job = await AcceptedJob.FindAsync(database, jobId, ct)
                    ?? throw new InvalidOperationException($"there is no job {jobId}");
                entry = new(await opening.OpenAsync(job, ct));
                _entries.Add(jobId, entry);
            }

            entry.Users++;
            return new(this, entry);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Closes what nobody uses.</summary>
    public async Task CloseIdleAsync(CancellationToken ct)
    {
        await _changing.WaitAsync(ct);
        try
        {
            CloseIdle();
        }
        finally
        {
            _changing.Release();
        }
    }

    public void Dispose()
    {
        CloseIdle();
        _changing.Dispose();
    }

    void CloseIdle()
    {
        foreach (var (jobId, entry) in _entries.Where(pair => pair.Value.Users == 0).ToList())
        {
            _entries.Remove(jobId);
            entry.Job.Dispose();
        }
    }

    async ValueTask ReturnAsync(Entry entry)
    {
        await _changing.WaitAsync();
        entry.Users--;
        _changing.Release();
    }

    internal sealed class Entry(OpenJob job)
    {
        public OpenJob Job { get; } = job;

        public int Users { get; set; }
    }

    /// <summary>The use of an open job.</summary>
    internal readonly struct Loan(OpenJobs owner, Entry entry) : IAsyncDisposable
    {
        public OpenJob Job => entry.Job;

        public ValueTask DisposeAsync() => owner.ReturnAsync(entry);
    }
}
