using System.Buffers;
using System.Buffers.Binary;
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
    int routers, bool measuresAll)
{
    // Chunks a thread reads before its findings are compared: few, for a list may name everybody twice.
    const int ChunksAheadMax = 4;

    /// <summary>A reference that is longer costs an array.</summary>
    const int KeyBytesOnStack = 512;

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

    // In list order, but only the rows of people met more than once are compared, by person and reference. What a
    // duplicate had counted as is taken back.
    async Task FindDuplicatesAsync(
        Dictionary<int, int[]> found, EffectCounts counts, List<RefusedRow> refused, CancellationToken ct)
    {
        var router = new ChunkRouter(job, register, addresses, measuresAll);
        var seen = new HashSet<UInt128>();
        foreach (var window in chunks.Chunk(routers * ChunksAheadMax))
        {
            var repeated = await ReadRepeatedAsync(window, ct);
            for (var i = 0; i < window.Length; i++)
            {
                var duplicates = repeated[i].FindAll(row => !seen.Add(row.Key));
                if (duplicates.Count > 0)
                {
                    found.Add(window[i].ChunkNo, [.. duplicates.Select(row => row.RowNo)]);
                    await CountAsDuplicatesAsync(router, window[i], duplicates, counts, refused, ct);
                }
            }
        }
    }

    async Task CountAsDuplicatesAsync(
        ChunkRouter router, JobChunk chunk, List<RepeatedRow> duplicates, EffectCounts counts, List<RefusedRow> refused,
        CancellationToken ct)
    {
        var records = new ArrayBufferWriter<byte>();
        foreach (var row in duplicates)
        {
            records.Write(row.Record);
            records.Write("\n"u8);
        }

        using var text = ChunkText.Of(records.WrittenSpan);
        var before = new PlanningSink(people: null, job.Paper);
        await router.RouteAsync(new ChunkWork(chunk with { Rows = duplicates.Count }, [], 0), text, before, ct);
        counts.Subtract(before.Counts);
        counts.Add(Reason.Duplicate, duplicates.Count);
        var rowNos = duplicates.Select(row => row.RowNo).ToHashSet();
        refused.RemoveAll(row => rowNos.Contains(row.RowNo));
        refused.AddRange(duplicates.Take(PlanningSink.RefusedShownMax)
            .Select(row => new RefusedRow(row.RowNo, row.Reference, Reason.Duplicate.Code(), "")));
    }

    async Task<List<RepeatedRow>[]> ReadRepeatedAsync(JobChunk[] window, CancellationToken ct)
    {
        var repeated = new List<RepeatedRow>[window.Length];
        var options = new ParallelOptions { MaxDegreeOfParallelism = routers, CancellationToken = ct };
        await Parallel.ForAsync(0, window.Length, options, (i, _) =>
        {
            repeated[i] = ReadRepeated(window[i]);
            return ValueTask.CompletedTask;
        });
        return repeated;
    }

    List<RepeatedRow> ReadRepeated(JobChunk chunk)
    {
        var rows = new RowRouter(job.Columns, job.Policy, register, job.ReleaseDate);
        var ahead = new RecipientLookahead(register, job.Separator, job.Columns.Recipient, withNames: false);
        var repeated = new List<RepeatedRow>();
        using var text = list.Open(chunk);
        using var reader = text.Read(job.Separator);
        var row = new CsvRowView(reader);
        var values = new byte[16 * 1024];
        ahead.Begin(text.Bytes);
        for (var rowNo = chunk.FirstRow; reader.Read(); rowNo++)
        {
            ahead.Next();
            var index = rows.FindRecipient(row);
            if (index < 0 || !_people.CameAgain(index))
            {
                continue;
            }

            var bound = rows.ValuesBound(reader.RawRecord.Length);
            values = values.Length < bound ? new byte[bound] : values;
            if (rows.Route(row, values, isDuplicate: false).Index >= 0)
            {
                repeated.Add(new(
                    rowNo, KeyOf(index, LetterValues.First(values)),
                    Encoding.UTF8.GetString(SenderReference.Of(values)), reader.RawRecord.ToArray()));
            }
        }

        return repeated;
    }

    // SHA-256 cut to 128 bits: a sender cannot make two references meet.
    static UInt128 KeyOf(int index, ReadOnlySpan<byte> reference)
    {
        var bytes = sizeof(int) + reference.Length;
        Span<byte> text = bytes <= KeyBytesOnStack ? stackalloc byte[KeyBytesOnStack] : new byte[bytes];
        BinaryPrimitives.WriteInt32LittleEndian(text, index);
        reference.CopyTo(text[sizeof(int)..]);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..bytes], digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }

    /// <summary>A row of a person whom the list names more than once.</summary>
    readonly record struct RepeatedRow(int RowNo, UInt128 Key, string Reference, byte[] Record);
}
