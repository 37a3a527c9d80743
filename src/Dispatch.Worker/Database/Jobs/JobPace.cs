namespace Dispatch.Worker.Database.Jobs;

/// <summary>How fast a job may go out, in the database's time and by its row alone, so that it holds for all workers
/// and through restarts. The unit is the chunk: the next one is taken when the rows of the last one are paid
/// for.</summary>
static class JobPace
{
    /// <summary>When the next chunk of job <c>j</c> may be taken; null = now.</summary>
    public const string NextTurn = "(j.paced_at + j.paced_rows * interval '1 hour' / j.pace)";
}
