using System.Buffers;
using Dispatch.Routing.Register;
using Dispatch.Worker.Database.Jobs;

namespace Dispatch.Worker.Dispatching;

/// <summary>
/// Decides a few rows as a run would, without keeping anything: only these rows' addresses are read. Which of them
/// repeat an earlier row is known from a planning pass over all rows before them.
/// </summary>
sealed class ProofPass(
    JobRouting job, RegisterSnapshot register, ReadAddresses addresses, ListSource list, JobPlan plan)
{
    readonly ChunkRouter _router = new(job, register, addresses, measuresAll: true);
    readonly ProofSink _sink = new();

    /// <param name="ranges">In order, without overlap.</param>
    public async Task<IReadOnlyList<ProofRow>> RunAsync(
        IReadOnlyList<JobChunk> chunks, IReadOnlyList<(int First, int Last)> ranges, CancellationToken ct)
    {
        foreach (var chunk in chunks)
        {
            var last = chunk.FirstRow + chunk.Rows - 1;
            foreach (var range in ranges.Where(range => range.First <= last && range.Last >= chunk.FirstRow))
            {
                await RouteAsync(chunk, Math.Max(range.First, chunk.FirstRow), Math.Min(range.Last, last), ct);
            }
        }

        return [.. _sink.Rows.OrderBy(row => row.RowNo)];
    }

    async Task RouteAsync(JobChunk chunk, int first, int last, CancellationToken ct)
    {
        var duplicates = plan.Duplicates.TryGetValue(chunk.ChunkNo, out var found) ? found : [];
        var part = chunk with { FirstRow = first, Rows = last - first + 1 };
        using var text = CutOut(chunk, first, last);
        var work = new ChunkWork(part, [.. duplicates.Where(row => row >= first && row <= last)], 0);
        await _router.RouteAsync(work, text, _sink, ct);
    }

    ChunkText CutOut(JobChunk chunk, int first, int last)
    {
        var records = new ArrayBufferWriter<byte>();
        using var text = list.Open(chunk);
        using var reader = text.Read(job.Separator);
        for (var rowNo = chunk.FirstRow; rowNo <= last && reader.Read(); rowNo++)
        {
            if (rowNo >= first)
            {
                records.Write(reader.RawRecord);
                records.Write("\n"u8);
            }
        }

        return ChunkText.Of(records.WrittenSpan);
    }
}
