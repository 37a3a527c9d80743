using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Dispatch.Routing.Pipeline;
using Dispatch.Routing.Register;
using Dispatch.Routing.Rules;
using Dispatch.Worker.Database.Jobs;

namespace Dispatch.Worker.Dispatching;

/// <summary>
/// Rule 6 over a whole list: rows that name somebody again under the same reference. Only rows of people who came more
/// than once are compared, in list order; of a list with very many such rows, a part at a time, so that memory stays
/// bounded.
/// </summary>
/// <param name="router">Tells what a duplicate had been counted as.</param>
/// <param name="people">Everybody whom the list names.</param>
/// <param name="keysAtOnceMax">About how many rows are compared at a time; each takes some 40 bytes.</param>
sealed class DuplicateSearch(
    JobRouting job, RegisterSnapshot register, ListSource list, IReadOnlyList<JobChunk> chunks, int routers,
    ChunkRouter router, RepeatedPeople people, int keysAtOnceMax = DuplicateSearch.KeysAtOnceMax)
{
    const int KeysAtOnceMax = 4_000_000;

    // Chunks a thread reads before its findings are compared: few, for a list may name everybody twice.
    const int ChunksAheadMax = 4;

    /// <summary>A reference that is longer costs an array.</summary>
    const int KeyBytesOnStack = 512;

    readonly Dictionary<int, int[]> _found = [];

    /// <summary>Takes back what duplicates had been counted as.</summary>
    /// <param name="refused">The first ones of the list; duplicates among the first are added.</param>
    /// <returns>Ascending row numbers of duplicates by chunk; chunks without any are left out.</returns>
    public async Task<Dictionary<int, int[]>> RunAsync(
        EffectCounts counts, List<RefusedRow> refused, CancellationToken ct)
    {
        var rowsMost = 2L * people.AgainCount;
        var parts = (int)((rowsMost + keysAtOnceMax - 1) / keysAtOnceMax);
        var seen = new HashSet<UInt128>((int)Math.Min(rowsMost, keysAtOnceMax));
        for (var part = 0; part < parts; part++)
        {
            seen.Clear();
            foreach (var window in chunks.Chunk(routers * ChunksAheadMax))
            {
                var repeated = await ReadRepeatedAsync(window, part, parts, ct);
                for (var i = 0; i < window.Length; i++)
                {
                    var duplicates = repeated[i].FindAll(row => !seen.Add(row.Key));
                    if (duplicates.Count > 0)
                    {
                        await AddAsync(window[i], duplicates, counts, refused, ct);
                    }
                }
            }
        }

        return _found;
    }

    async Task AddAsync(
        JobChunk chunk, List<RepeatedRow> duplicates, EffectCounts counts, List<RefusedRow> refused,
        CancellationToken ct)
    {
        var before = new PlanningSink(people: null, job.Paper);
        using (var text = ChunkText.Of(RecordsOf(duplicates)))
        {
            await router.RouteAsync(new ChunkWork(chunk with { Rows = duplicates.Count }, [], 0), text, before, ct);
        }

        counts.Subtract(before.Counts);
        counts.Add(Reason.Duplicate, duplicates.Count);
        var rowNos = duplicates.Select(row => row.RowNo).ToHashSet();
        var first = RefusedRow.First(refused.Where(row => !rowNos.Contains(row.RowNo)).Concat(
            duplicates.Select(row => new RefusedRow(row.RowNo, row.Reference, Reason.Duplicate.Code(), ""))));
        refused.Clear();
        refused.AddRange(first);
        _found[chunk.ChunkNo] = [.. _found.GetValueOrDefault(chunk.ChunkNo, []).Concat(rowNos).Order()];
    }

    static ReadOnlySpan<byte> RecordsOf(List<RepeatedRow> rows)
    {
        var records = new ArrayBufferWriter<byte>();
        foreach (var row in rows)
        {
            records.Write(row.Record);
            records.Write("\n"u8);
        }

        return records.WrittenSpan;
    }

    async Task<List<RepeatedRow>[]> ReadRepeatedAsync(JobChunk[] window, int part, int parts, CancellationToken ct)
    {
        var repeated = new List<RepeatedRow>[window.Length];
        var options = new ParallelOptions { MaxDegreeOfParallelism = routers, CancellationToken = ct };
        await Parallel.ForAsync(0, window.Length, options, (i, _) =>
        {
            repeated[i] = ReadRepeated(window[i], part, parts);
            return ValueTask.CompletedTask;
        });
        return repeated;
    }

    List<RepeatedRow> ReadRepeated(JobChunk chunk, int part, int parts)
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
            if (index < 0 || !people.CameAgain(index))
            {
                continue;
            }

            var bound = rows.ValuesBound(reader.RawRecord.Length);
            values = values.Length < bound ? new byte[bound] : values;
            if (rows.Route(row, values, isDuplicate: false).Index < 0)
            {
                continue;
            }

            // By the key: the same keys are of one part, however many rows a person has.
            var key = KeyOf(index, LetterValues.First(values));
            if ((ulong)key % (uint)parts == (uint)part)
            {
                repeated.Add(new(
                    rowNo, key, Encoding.UTF8.GetString(SenderReference.Of(values)), reader.RawRecord.ToArray()));
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
