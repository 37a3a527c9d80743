using System.Collections.Concurrent;
using System.Security.Cryptography;
using Dispatch.Routing.Pipeline;
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
    int routers, bool measuresAllPaper)
{
    readonly RepeatedPeople _people = new(register.Count);
    readonly PlanningSink[] _sinks = new PlanningSink[chunks.Count];

    public async Task<JobPlan> RunAsync(Stage progress, CancellationToken ct)
    {
        await RouteAsync(chunks.Select(chunk => new ChunkWork(chunk, [], 0)), progress, ct);
        var duplicates = _people.Any ? FindDuplicates() : [];

        // Chunks that hold duplicates are counted again: a duplicate would have counted as something else.
        await RouteAsync(
            chunks.Where(chunk => duplicates.ContainsKey(chunk.ChunkNo))
                .Select(chunk => new ChunkWork(chunk, duplicates[chunk.ChunkNo], 0)),
            null, ct);
        var counts = new EffectCounts();
        foreach (var sink in _sinks)
        {
            counts.Add(sink.Counts);
        }

        return new(
            counts, duplicates, [.. _sinks.SelectMany(sink => sink.FirstRefused).Take(PlanningSink.RefusedShownMax)],
            _sinks.Sum(sink => sink.ValueBytes), register.Version);
    }

    async Task RouteAsync(IEnumerable<ChunkWork> work, Stage? progress, CancellationToken ct)
    {
        var idle = new ConcurrentBag<ChunkRouter>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = routers, CancellationToken = ct };
        await Parallel.ForEachAsync(work, options, async (chunk, stop) =>
        {
            if (!idle.TryTake(out var router))
            {
                router = new ChunkRouter(job, register, addresses, measuresAllPaper);
            }

            using var text = list.Open(chunk.Chunk);
            var sink = new PlanningSink(_people);
            await router.RouteAsync(chunk, text, sink, stop);
            _sinks[chunk.Chunk.ChunkNo] = sink;
            progress?.Add(chunk.Chunk.Rows);
            idle.Add(router);
        });
    }

    // In list order, but only the rows of people met more than once are compared, by person and reference.
    Dictionary<int, int[]> FindDuplicates()
    {
        var rows = new RowRouter(job.Columns, job.Policy, register, job.ReleaseDate);
        var seen = new HashSet<UInt128>();
        var found = new Dictionary<int, int[]>();
        foreach (var chunk in chunks)
        {
            var repeated = FindDuplicates(chunk, rows, seen);
            if (repeated.Count > 0)
            {
                found.Add(chunk.ChunkNo, [.. repeated]);
            }
        }

        return found;
    }

    List<int> FindDuplicates(JobChunk chunk, RowRouter rows, HashSet<UInt128> seen)
    {
        var repeated = new List<int>();
        using var text = list.Open(chunk);
        using var reader = text.Read(job.Separator);
        var row = new CsvRowView(reader);
        var values = new byte[16 * 1024];
        for (var rowNo = chunk.FirstRow; reader.Read(); rowNo++)
        {
            var bound = rows.ValuesBound(reader.RawRecord.Length);
            values = values.Length < bound ? new byte[bound] : values;
            var routed = rows.Route(row, values, isDuplicate: false);
            if (routed.Index >= 0 && _people.CameAgain(routed.Index)
                && !seen.Add(KeyOf(routed.Index, LetterValues.First(values))))
            {
                repeated.Add(rowNo);
            }
        }

        return repeated;
    }

    // SHA-256 cut to 128 bits: a sender cannot make two references meet.
    static UInt128 KeyOf(int index, ReadOnlySpan<byte> reference)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> digest = stackalloc byte[32];
        hash.AppendData(BitConverter.GetBytes(index));
        hash.AppendData(reference);
        hash.GetHashAndReset(digest);
        return BitConverter.ToUInt128(digest);
    }
}
