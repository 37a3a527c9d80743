using System.Collections.Concurrent;
using Dispatch.Routing.Register;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Dispatching;

/// <summary>
/// Routes the whole list in memory against one version of the register before anything is sent: finds duplicates
/// whatever their distance (rule 6), counts what would come of every row, and keeps nothing but that.
/// </summary>
sealed class PlanningPass(
    JobRouting job, RegisterSnapshot register, ReadAddresses addresses, ListSource list, IReadOnlyList<JobChunk> chunks,
    int routers, bool measuresAll)
{
    readonly RepeatedPeople _people = new(register.Count);
    readonly PlanningSink[] _sinks = new PlanningSink[chunks.Count];

    public async Task<JobPlan> RunAsync(Stage progress, CancellationToken ct)
    {
        await RouteAsync(progress, ct);
        var counts = new EffectCounts();
        foreach (var sink in _sinks)
        {
            counts.Add(sink.Counts);
        }

        var refused = RefusedRow.First(_sinks.SelectMany(sink => sink.FirstRefused));
        var search = new DuplicateSearch(
            job, register, list, chunks, routers, new ChunkRouter(job, register, addresses, measuresAll), _people);
        var duplicates = await search.RunAsync(counts, refused, ct);
        return new(counts, duplicates, refused, _sinks.Sum(sink => sink.ValueBytes), register.Version);
    }

    async Task RouteAsync(Stage progress, CancellationToken ct)
    {
        var idle = new ConcurrentBag<ChunkRouter>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = routers, CancellationToken = ct };
        await Parallel.ForEachAsync(chunks, options, async (chunk, stop) =>
        {
            if (!idle.TryTake(out var router))
            {
                router = new ChunkRouter(job, register, addresses, measuresAll);
            }

            using var text = list.Open(chunk);
            var sink = new PlanningSink(_people, job.Paper);
            await router.RouteAsync(new ChunkWork(chunk, [], 0), text, sink, stop);
            _sinks[chunk.ChunkNo] = sink;
            progress.Add(chunk.Rows);
            idle.Add(router);
        });
    }
}
