using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Security;
using Npgsql;

namespace Dispatch.Worker.Dispatching;

/// <summary>
/// Three stages with bounded channels between them — read, route, write — whose unit is the chunk. The first failure
/// cancels the whole pipeline; what had committed stays, what had not is taken up by the next run.
/// </summary>
/// <param name="note">Told of each chunk that this process committed.</param>
sealed class ChunkPipeline(
    NpgsqlDataSource database, OpenJob open, ReadAddresses addresses, int routers, int writers,
    Action<RoutedChunk>? note = null)
{
    // Enough that nobody waits for a neighbour; each chunk in flight takes about 6 MB.
    const int ChunksWaitingMax = 2;

    readonly Channel<OpenedChunk> _opened = Channel.CreateBounded<OpenedChunk>(ChunksWaitingMax);
    readonly Channel<RoutedChunk> _routed = Channel.CreateBounded<RoutedChunk>(ChunksWaitingMax);
    ExceptionDispatchInfo? _cause;

    int _superseded;

    /// <summary>Sees the chunks through; each is committed, or was found to be somebody else's by then.</summary>
    /// <returns>How many were somebody else's.</returns>
    public async Task<int> RunAsync(IAsyncEnumerable<ChunkWork> work, Stage progress, CancellationToken ct)
    {
        using var failure = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var routing = new Task[routers];
        var writing = new Task[writers];
        var reading = SuperviseAsync(() => ReadAsync(work, failure.Token), failure);
        for (var i = 0; i < routers; i++)
        {
            routing[i] = SuperviseAsync(() => RouteAsync(failure.Token), failure);
        }

        for (var i = 0; i < writers; i++)
        {
            writing[i] = SuperviseAsync(() => WriteAsync(progress, failure.Token), failure);
        }

        try
        {
            await CompleteAfterAsync(_routed.Writer, routing);
            await EndAsync([reading, .. routing, .. writing], ct);
            return _superseded;
        }
        finally
        {
            Drain();
        }
    }

    // A stage that fails stops the others, or they would wait for it for ever. What these say then is not the cause: a
    // COPY that is cut off fails in ways of its own.
    async Task SuperviseAsync(Func<Task> stage, CancellationTokenSource failure)
    {
        try
        {
            await Task.Run(stage, failure.Token);
        }
        catch (Exception fault)
        {
            Interlocked.CompareExchange(ref _cause, ExceptionDispatchInfo.Capture(fault), null);
            await failure.CancelAsync();
        }
    }

    static async Task CompleteAfterAsync(ChannelWriter<RoutedChunk> writer, Task[] stages)
    {
        await Task.WhenAll(stages);
        writer.Complete();
    }

    async Task EndAsync(Task[] stages, CancellationToken ct)
    {
        await Task.WhenAll(stages);
        ct.ThrowIfCancellationRequested();
        _cause?.Throw();
    }

    async Task ReadAsync(IAsyncEnumerable<ChunkWork> work, CancellationToken ct)
    {
        try
        {
            await foreach (var chunk in work.WithCancellation(ct))
            {
                await _opened.Writer.WriteAsync(new(chunk, open.List.Open(chunk.Chunk)), ct);
            }
        }
        finally
        {
            _opened.Writer.Complete();
        }
    }

    async Task RouteAsync(CancellationToken ct)
    {
        ChunkRouter? router = null;
        await foreach (var (work, text) in _opened.Reader.ReadAllAsync(ct))
        {
            using (text)
            {
                RoutedChunk? routed = null;
                for (var attempt = 1; routed is null; attempt++)
                {
                    // The register as it is now, at the chunk's start.
                    var register = await open.Register.CurrentAsync(ct);
                    if (router?.Register != register)
                    {
                        router = new ChunkRouter(open.Routing, register, addresses, measuresAll: true);
                    }

                    routed = await RouteAsync(router, work, text, isLast: attempt == RegisterView.AttemptsMax, ct);
                }

                await HandOnAsync(routed, ct);
            }
        }
    }

    /// <summary>Null when the register moved on meanwhile: to be done again, as if the chunk began now.</summary>
    async Task<RoutedChunk?> RouteAsync(
        ChunkRouter router, ChunkWork work, ChunkText text, bool isLast, CancellationToken ct)
    {
        var effects = new EffectBuffers(
            open.Job.JobId, open.Job.Segment, open.Job.TemplateId, work.Chunk.Rows, JobKey.NewSalt(), open.Key);
        try
        {
            ThrowIfShort(work, await router.RouteAsync(work, text, effects, ct));
            return new(work, effects, router.Register.Version);
        }
        catch (DispatchException fault) when (RegisterMoved.Is(fault) && !isLast)
        {
            effects.Dispose();
            return null;
        }
        catch
        {
            effects.Dispose();
            throw;
        }
    }

    async Task HandOnAsync(RoutedChunk routed, CancellationToken ct)
    {
        try
        {
            await _routed.Writer.WriteAsync(routed, ct);
        }
        catch
        {
            routed.Effects.Dispose();
            throw;
        }
    }

    async Task WriteAsync(Stage progress, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await foreach (var chunk in _routed.Reader.ReadAllAsync(ct))
        {
            using (chunk.Effects)
            {
                if (await ChunkTransaction.CommitAsync(connection, open.Job.JobId, open.Job.Segment, chunk, ct))
                {
                    progress.Add(chunk.Work.Chunk.Rows);
                    note?.Invoke(chunk);
                }
                else
                {
                    Interlocked.Increment(ref _superseded);
                }
            }
        }
    }

    void ThrowIfShort(ChunkWork work, int rows)
    {
        if (rows != work.Chunk.Rows)
        {
            throw new InvalidOperationException(
                $"chunk {work.Chunk.ChunkNo} of job {open.Job.JobId} holds {rows} rows, not {work.Chunk.Rows}");
        }
    }

    void Drain()
    {
        while (_opened.Reader.TryRead(out var opened))
        {
            opened.Text.Dispose();
        }

        while (_routed.Reader.TryRead(out var routed))
        {
            routed.Effects.Dispose();
        }
    }

    readonly record struct OpenedChunk(ChunkWork Work, ChunkText Text);
}
