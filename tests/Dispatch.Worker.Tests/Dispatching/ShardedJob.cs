using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Dispatching;
using Dispatch.Worker.Tests.Reporting;

namespace Dispatch.Worker.Tests.Dispatching;

/// <summary>A released job of chunks of 80, 80 and 40 rows, none of them done, in two shards.</summary>
static class ShardedJob
{
    public static async Task<AcceptedJob> AddAsync(TestDatabase database)
    {
        var jobId = await new LedgerSeed(database.Owner).AddCompletedJobAsync();
        await database.ExecuteAsync($"""
            update dispatch.jobs set state = 'running', completed_at = null where job_id = {jobId};
            update dispatch.chunks set state = 'open' where job_id = {jobId};
            insert into dispatch.shards (job_id, shard_no, first_chunk, last_chunk)
            values ({jobId}, 0, 0, 1), ({jobId}, 1, 2, 2)
            """);
        return (await AcceptedJob.FindAsync(database.DataSource, jobId, default))!;
    }

    /// <summary>Takes the chunks it can get, one after the other.</summary>
    /// <param name="onTaken">Done after each.</param>
    public static async Task<List<int>> TakeAsync(
        TestDatabase database, AcceptedJob job, ChunkRange range, string? holder = null, TimeSpan patience = default,
        Func<Task>? onTaken = null)
    {
        var taken = new List<int>();
        await foreach (var work in ChunkStore.TakeEachAsync(
            database.DataSource, job, range, holder, () => true, TimeProvider.System, patience, default))
        {
            taken.Add(work.Chunk.ChunkNo);
            await (onTaken?.Invoke() ?? Task.CompletedTask);
        }

        return taken;
    }
}
