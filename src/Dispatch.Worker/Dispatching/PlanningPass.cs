using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Dispatch.Routing.Pipeline;
using Dispatch.Routing.Register;
using Dispatch.Routing.Rules;
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
        await RouteAsync(progress, ct);
        var counts = new EffectCounts();
        foreach (var sink in _sinks)
        {
            counts.Add(sink.Counts);
        }

        var refused = _sinks.SelectMany(sink => sink.FirstRefused).ToList();
        var duplicates = new Dictionary<int, int[]>();
        if (_people.Any)
        {
            await FindDuplicatesAsync(duplicates, counts, refused, ct);
        }

        return new(
            counts, duplicates, [.. refused.OrderBy(row => row.RowNo).Take(PlanningSink.RefusedShownMax)],
            _sinks.Sum(sink => sink.ValueBytes), register.Version);
    }

    async Task RouteAsync(Stage progress, CancellationToken ct)
    {
        var idle = new ConcurrentBag<ChunkRouter>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = routers, CancellationToken = ct };
        await Parallel.ForEachAsync(chunks, options, async (chunk, stop) =>
        {
            if (!idle.TryTake(out var router))
            {
                router = new ChunkRouter(job, register, addresses, measuresAllPaper);
            }

            using var text = list.Open(chunk);
            var sink = new PlanningSink(_people, job.Paper);
            await router.RouteAsync(new ChunkWork(chunk, [], 0), text, sink, stop);
            _sinks[chunk.ChunkNo] = sink;
            progress.Add(chunk.Rows);
            idle.Add(router);
        });
    }

    // In list order, but only the rows of people met more than once are compared, by person and reference. What a
    // duplicate had counted as is taken back.
    async Task FindDuplicatesAsync(
        Dictionary<int, int[]> found, EffectCounts counts, List<RefusedRow> refused, CancellationToken ct)
    {
        var rows = new RowRouter(job.Columns, job.Policy, register, job.ReleaseDate);
        var router = new ChunkRouter(job, register, addresses, measuresAllPaper);
        var seen = new HashSet<UInt128>();
        var records = new ArrayBufferWriter<byte>();
        foreach (var chunk in chunks)
        {
            records.ResetWrittenCount();
            var repeated = FindDuplicates(chunk, rows, seen, records);
            if (repeated.Count == 0)
            {
                continue;
            }

            found.Add(chunk.ChunkNo, [.. repeated.Select(row => row.RowNo)]);
            using var text = ChunkText.Of(records.WrittenSpan);
            var before = new PlanningSink(new RepeatedPeople(register.Count), job.Paper);
            await router.RouteAsync(new ChunkWork(chunk with { Rows = repeated.Count }, [], 0), text, before, ct);
            counts.Subtract(before.Counts);
            counts.Add(Reason.Duplicate, repeated.Count);
            var repeatedNos = found[chunk.ChunkNo].ToHashSet();
            refused.RemoveAll(row => repeatedNos.Contains(row.RowNo));
            refused.AddRange(repeated.Take(PlanningSink.RefusedShownMax));
        }
    }

    List<RefusedRow> FindDuplicates(
        JobChunk chunk, RowRouter rows, HashSet<UInt128> seen, ArrayBufferWriter<byte> records)
    {
        var repeated = new List<RefusedRow>();
        using var text = list.Open(chunk);
        using var reader = text.Read(job.Separator);
        var row = new CsvRowView(reader);
        var values = new byte[16 * 1024];
        for (var rowNo = chunk.FirstRow; reader.Read(); rowNo++)
        {
            var index = rows.FindRecipient(row);
            if (index < 0 || !_people.CameAgain(index))
            {
                continue;
            }

            var bound = rows.ValuesBound(reader.RawRecord.Length);
            values = values.Length < bound ? new byte[bound] : values;
            var routed = rows.Route(row, values, isDuplicate: false);
            if (routed.Index >= 0 && !seen.Add(KeyOf(index, LetterValues.First(values))))
            {
                var reference = Encoding.UTF8.GetString(SenderReference.Of(values));
                repeated.Add(new(rowNo, reference, Reason.Duplicate.Code(), ""));
                records.Write(reader.RawRecord);
                records.Write("\n"u8);
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
