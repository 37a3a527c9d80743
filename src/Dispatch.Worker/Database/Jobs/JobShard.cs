namespace Dispatch.Worker.Database.Jobs;

/// <summary>A run of a job's chunks that one worker has at a time.</summary>
static class JobShard
{
    /// <summary>Condition on a row of <c>dispatch.shards</c>: nobody has it. A lease that ends later than the longest
    /// one can was taken before the server's clock was set back; nobody is waited for so long.</summary>
    public const string IsFree = """
        (lease_until is null or lease_until <= clock_timestamp() or lease_until > clock_timestamp() + interval '5 min')
        """;
}
