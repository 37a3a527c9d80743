namespace Dispatch.Worker.Scheduling;

/// <summary>All that the scheduler's tables know of a piece of work.</summary>
static class WorkData
{
    public const string JobId = "job";

    public const string ShardNo = "shard";

    public const string Kind = "kind";
}
