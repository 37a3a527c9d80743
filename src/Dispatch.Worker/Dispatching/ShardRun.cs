using System.Globalization;
using System.Security.Cryptography;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Npgsql;

namespace Dispatch.Worker.Dispatching;

/// <summary>Sees one shard through: takes its lease and its open chunks one after the other. Started too often, or
/// where somebody else is at it, it does nothing.</summary>
/// <param name="node">This process, for the lease.</param>
/// <param name="lease">How long the shard stays ours when nothing is heard of us.</param>
sealed class ShardRun(
    NpgsqlDataSource database, OpenJobs jobs, RegisterAccess register, string node, TimeSpan lease, TimeProvider clock,
    StageProgress progress, ChunkMeter meter)
{
    const int AttemptBytes = 4;

    // A shard is one of several at work: one thread routes while another one writes.
    const int Routers = 1;
    const int Writers = 1;

    /// <param name="mayGoOn">Asked before each chunk; what was taken is finished.</param>
    /// <param name="ct">Gives up what was taken.</param>
    public async Task<ShardResult> RunAsync(int jobId, int shardNo, Func<bool> mayGoOn, CancellationToken ct)
    {
        await using var part = await JobLock.TryShareAsync(database, jobId, ct);
        if (part is null)
        {
            return default;
        }

        var attempt = RandomNumberGenerator.GetHexString(2 * AttemptBytes, lowercase: true);
        await using var held = await ShardLease.TryTakeAsync(
            database, clock, jobId, shardNo, $"{node}/{attempt}", lease, ct);
        if (held is null)
        {
            return default;
        }

        await using var loan = await jobs.BorrowAsync(jobId, ct);
        var stage = progress.Begin(string.Create(CultureInfo.InvariantCulture, $"route {jobId}/{shardNo}"));
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(ct, held.Lost);
        var work = ChunkStore.TakeEachAsync(
            database, loan.Job.Job, held.Chunks, held.Holder, mayGoOn, clock, patience: TimeSpan.Zero, lost.Token);
        var superseded = 0;
        try
        {
            superseded = await new ChunkPipeline(database, loan.Job, register.Addresses, Routers, Writers, Note)
                .RunAsync(work, stage, lost.Token);
        }
        catch (OperationCanceledException) when (held.Lost.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            // Somebody else has the shard by now, or will.
        }

        stage.Finish();
        return new(WasOurs: true, stage.Done, superseded, held.Lost.IsCancellationRequested);
    }

    void Note(RoutedChunk chunk) => meter.Add(
        clock.GetElapsedTime(chunk.Work.TakenAt), chunk.Effects.Letters.Rows, chunk.Effects.Pieces.Rows,
        chunk.Effects.Held.Rows, chunk.Effects.Refused.Rows);
}
