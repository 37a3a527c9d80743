namespace Dispatch.Worker.Scheduling;

/// <summary>
/// Workers of one machine share its processors: together they have as many shards at work as one of them would have
/// alone. More would only make them, and the database beside them, wait for each other.
/// </summary>
/// <param name="processors">Shards a worker that is alone on its machine has at work.</param>
sealed class ProcessorShare(NodeTable nodes, ClusterScheduler scheduler, int processors)
{
    int? _shards;

    /// <summary>Called now and then: workers come and go.</summary>
    public async Task AdjustAsync(CancellationToken ct)
    {
        var neighbours = await nodes.CountOnAsync(Environment.MachineName, ct);
        var shards = Of(processors, neighbours);
        if (shards != _shards)
        {
            await scheduler.LimitAsync(shards, ct);
            _shards = shards;
        }
    }

    /// <summary>A part for each of them, rounded up; at least one.</summary>
    public static int Of(int processors, int workers) => (processors + Math.Max(1, workers) - 1) / Math.Max(1, workers);
}
